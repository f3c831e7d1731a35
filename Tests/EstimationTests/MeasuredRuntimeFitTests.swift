import Estimation
import Foundation
import Hardware
import Testing

/// The committed costs against the rows they are fitted to, and against rows left out.
@Suite("The fit of measured runtime libraries")
struct MeasuredRuntimeFitTests {
    private static func relative(_ errors: [Double]) -> (median: Double, ninth: Double) {
        let sizes = errors.map { abs(exp($0) - 1) }
        return (MeasuredRuntimes.quantile(sizes, 0.5), MeasuredRuntimes.quantile(sizes, 0.9))
    }

    /// With RECORD_RUNTIMES set the profiles are written, and the test fails.
    @Test("fitting the rows again gives the committed profiles")
    func profiles() throws {
        let wanted = MeasuredRuntimes.profiles(try MeasuredRuntimes.networks())
        for (name, text) in wanted.sorted(by: { $0.key < $1.key }) {
            let file = MeasuredRuntimes.folder.appending(path: "\(name).yaml")
            if ProcessInfo.processInfo.environment["RECORD_RUNTIMES"] != nil {
                try text.write(to: file, atomically: true, encoding: .utf8)
                Issue.record("recorded \(name)")
            } else {
                #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name)")
            }
        }
    }

    @Test("the product's estimates are within 3 % of the rows in the middle, 8 % for nine in ten")
    func fitted() throws {
        let errors = try BoardRow.rows("cortex-m.csv").filter(\.isCounted).map { -log(try $0.ratio()) }
        let (median, ninth) = Self.relative(errors)
        print("fitted \(errors.count) rows: median \(median), 90th percentile \(ninth)")
        #expect(median <= 0.03)
        #expect(ninth <= 0.08)
    }

    @Test("rows left out by board, family and network lie in their intervals 80 % of the time")
    func leftOut() throws {
        let rows = try MeasuredRuntimes.networks()
        let factors = MeasuredRuntimes.factors(rows)
        for (name, key, limits) in [
            ("group", MeasuredRuntimes.byGroup, (0.06, 0.22)), ("library", MeasuredRuntimes.byLibrary, (0.07, 0.36)),
        ] {
            let left = MeasuredRuntimes.leftOut(rows, factors: factors, key: key)
            let (median, ninth) = Self.relative(left.map(\.error))
            let inside = left.count { abs($0.error) <= 1.2816 * $0.deviation }
            let coverage = Double(inside) / Double(left.count)
            print("left out by \(name): median \(median), 90th percentile \(ninth), coverage \(coverage), \(factors)")
            for row in left.sorted(by: { abs($0.error) > abs($1.error) }).prefix(16) {
                print("  \(row.row.name) \(row.row.library.version) \(row.row.group) \(row.error) \(row.deviation)")
            }
            #expect(median <= limits.0)
            #expect(ninth <= limits.1)
            #expect((0.72...0.9).contains(coverage))
        }
    }

    @Test("a prediction does not lose to copying cycles from another board with the same core, version and network")
    func copying() throws {
        let rows = try MeasuredRuntimes.networks()
        func board(_ row: MeasuredNetwork) -> Substring { row.group.prefix { $0 != "/" } }
        var (copied, predicted): ([Double], [Double]) = ([], [])
        for row in rows {
            let twins = rows.filter {
                $0.library == row.library && board($0) != board(row) && $0.isSameWork(as: row)
            }
            guard let twin = twins.first else { continue }
            let fit = WorkCostFit(rows.filter { board($0) != board(row) || $0.library != row.library })
            let entry = WorkCostTable(fit, networks: rows).entry(for: row.library)
            predicted.append(abs(log(WorkCostTable.prediction(of: row, by: entry).cycles / row.cycles)))
            copied.append(abs(log(twin.cycles / row.cycles)))
        }
        print("copying: \(copied), predicting: \(predicted)")
        #expect(copied.count >= 2)
        let (ours, theirs) = (predicted.reduce(0, +), copied.reduce(0, +))
        let repetition = 0.005 * Double(copied.count)
        #expect(ours <= theirs + repetition)
    }
}

extension MeasuredNetwork {
    /// Whether two networks are the same work within a hundredth.
    fileprivate func isSameWork(as other: MeasuredNetwork) -> Bool {
        let (own, others) = (parts.reduce(.zero, +), other.parts.reduce(.zero, +))
        return (0..<5).allSatisfy { place in
            let (left, right) = (own[place], others[place])
            return abs(left - right) <= 0.01 * max(left, right)
        }
    }
}
