import Diagnostics
import Networks
import Tensors

extension Interpreter {
    /// How many labelled cases the network gets right: the place of the largest element of its first output.
    ///
    /// - Throws: `Diagnostic` when the cases have no labels; the error of the first case that cannot run.
    public func accuracy(on cases: LabelledCases, threads: Int) throws -> Accuracy {
        guard let labels = cases.labels else { throw Diagnostic("accuracy needs labels, and these cases have none") }
        let size = batchCases
        let counts = try mapCases((cases.count + size - 1) / size, threads: threads) { batch in
            let places = batch * size..<min((batch + 1) * size, cases.count)
            let outputs = try run(batch: cases.batch(places))
            return places.count { labels[$0] == outputs[$0 - places.lowerBound].first?.largestPlace }
        }
        return Accuracy(correct: counts.reduce(0, +), total: cases.count)
    }

    /// Traces of all cases folded piece by piece; the fold must not depend on the order of merging.
    func foldCases<Total: Sendable>(
        _ cases: any Dataset, threads: Int, into empty: Total, count: @Sendable (inout Total, Trace) -> Void,
        merge: (inout Total, Total) -> Void
    ) throws -> Total {
        let pieces = min(cases.count, max(threads, 1) * 2)
        let totals = try mapCases(pieces, threads: threads) { piece in
            var total = empty
            for index in cases.count * piece / pieces..<cases.count * (piece + 1) / pieces {
                count(&total, try trace(cases.case(at: index)))
            }
            return total
        }
        return totals.reduce(into: empty) { merge(&$0, $1) }
    }
}
