/// Watches that no tensor loses its last channel.
package struct ChannelFloor {
    private var left: [Int] = []
    private var users: [Int: [Int]] = [:]

    package init(_ analysis: ChannelAnalysis) {
        for slice in analysis.slices.values.joined() {
            let roots = Set(slice.units.map(analysis.root))
            for root in roots { users[root, default: []].append(left.count) }
            left.append(roots.count)
        }
    }

    /// Whether every tensor with channels of this class has others.
    package func allows(_ root: Int) -> Bool {
        (users[root] ?? []).allSatisfy { left[$0] > 1 }
    }

    /// Counts a class of channels as gone if that is allowed, and says whether it is.
    package mutating func allowsRemoving(_ root: Int) -> Bool {
        guard allows(root) else { return false }
        for tensor in users[root] ?? [] { left[tensor] -= 1 }
        return true
    }
}
