import Synchronization

/// A count that several threads raise.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    /// The count after raising it by one.
    func increment() -> Int {
        count.add(1, ordering: .relaxed).newValue
    }
}
