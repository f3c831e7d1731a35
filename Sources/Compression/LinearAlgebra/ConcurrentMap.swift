import Dispatch

/// The results of `body` for `0..<count`, in their order, computed on all cores; they do not depend on their number.
func mapConcurrently<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
        nonisolated(unsafe) let places = buffer
        DispatchQueue.concurrentPerform(iterations: count) { index in
            places.initializeElement(at: index, to: body(index))
        }
        initialized = count
    }
}
