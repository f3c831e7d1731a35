import Foundation

/// A value that one thread at a time may touch.
///
/// Its lock is one of pthreads, which ThreadSanitizer knows: `Mutex` of the Synchronization library is a futex in code without
/// instrumentation on Linux, so that every hand-over under it looks like a race.
final class Guarded<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
