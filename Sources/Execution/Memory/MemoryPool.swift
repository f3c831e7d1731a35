/// Memories of an interpreter that no thread uses at the moment; they carry nothing from run to run.
final class MemoryPool: Sendable {
    private let idle = Guarded<[Idle]>([])

    /// A memory is handed from thread to thread, never shared.
    private struct Idle: @unchecked Sendable {
        let memory: ActivationMemory
    }

    /// Calls `body` with a memory that nothing else uses meanwhile.
    func withMemory<Value>(_ body: (ActivationMemory) throws -> Value) rethrows -> Value {
        let memory = idle.withLock { $0.popLast() } ?? Idle(memory: ActivationMemory())
        defer { idle.withLock { $0.append(memory) } }
        return try body(memory.memory)
    }
}
