/// An arena and a workspace for one thread.
final class ActivationMemory {
    private(set) var arena = UnsafeMutableRawPointer.allocate(byteCount: 0, alignment: ActivationLayout.alignment)
    private(set) var workspace = UnsafeMutableRawPointer.allocate(byteCount: 0, alignment: ActivationLayout.alignment)
    private var arenaBytes = 0
    private var workspaceBytes = 0
    /// Vector loads may reach so many bytes behind the last element.
    private let slack = 64

    /// Makes room; what was written before is lost.
    func reserve(arenaBytes: Int, workspaceBytes: Int) {
        if arenaBytes > self.arenaBytes {
            arena.deallocate()
            arena = .allocate(byteCount: arenaBytes + slack, alignment: ActivationLayout.alignment)
            self.arenaBytes = arenaBytes
        }
        if workspaceBytes > self.workspaceBytes {
            workspace.deallocate()
            workspace = .allocate(byteCount: workspaceBytes + slack, alignment: ActivationLayout.alignment)
            self.workspaceBytes = workspaceBytes
        }
    }

    deinit {
        arena.deallocate()
        workspace.deallocate()
    }
}
