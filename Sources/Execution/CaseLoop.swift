import Dispatch

/// The results of `body` for the cases `0..<count`, in their order, computed on `threads` threads.
///
/// The results do not depend on the number of threads. Cases behind a failed one may not run.
/// - Throws: the error of the first case that failed.
public func mapCases<Value: Sendable>(
    _ count: Int, threads: Int, _ body: @Sendable (Int) throws -> Value
) throws -> [Value] {
    let progress = Guarded(CaseProgress<Value>(count: count))
    DispatchQueue.concurrentPerform(iterations: min(max(threads, 1), max(count, 1))) { _ in
        while let index = progress.withLock({ $0.take() }) {
            do {
                let result = try body(index)
                progress.withLock { $0.results[index] = result }
            } catch {
                progress.withLock { $0.fail(error, at: index) }
            }
        }
    }
    return try progress.withLock { progress in
        if let failure = progress.failure { throw failure.error }
        return progress.results.compactMap(\.self)
    }
}

private struct CaseProgress<Value: Sendable>: Sendable {
    var results: [Value?]
    var failure: (index: Int, error: any Error)?
    private var next = 0

    init(count: Int) {
        results = [Value?](repeating: nil, count: count)
    }

    /// The next case, or nil when all are taken or one has failed.
    mutating func take() -> Int? {
        guard failure == nil, next < results.count else { return nil }
        defer { next += 1 }
        return next
    }

    mutating func fail(_ error: any Error, at index: Int) {
        if let failure, failure.index < index { return }
        failure = (index, error)
    }
}
