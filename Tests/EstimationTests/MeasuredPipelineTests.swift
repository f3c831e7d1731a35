import Estimation
import Foundation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

/// Pipelines that were built: figures from `Traces/boards/finn.csv`, each with its source there.
@Suite("Measured pipelines")
struct MeasuredPipelineTests {
    private struct Comparison {
        var row: String
        var quantity: MeasuredQuantity
        var isCounted: Bool
        var measured: Double
        var estimated: Double
        var estimate: Estimate

        var error: Double { estimated / measured - 1 }
    }

    private static func comparisons() throws -> [Comparison] {
        try BoardRow.rows("finn.csv").map { row in
            let device = try Profiles.library.device(named: row.device, overrides: row.settings).subject
            let estimate: Estimate
            switch try Estimator(device: device, runtime: nil).estimate(BoardRow.workload(row.network)) {
            case .success(let success): estimate = success
            case .failure(.doesNotFit(_, let larger)): estimate = larger
            case .failure(let refusal): throw refusal
            }
            let quantity = try #require(MeasuredQuantity(rawValue: row.quantity))
            return Comparison(
                row: row.id, quantity: quantity, isCounted: row.isCounted, measured: row.measured,
                estimated: try #require(quantity.value(in: estimate)), estimate: estimate)
        }
    }

    private let comparisons: [Comparison]

    init() throws {
        comparisons = try Self.comparisons()
    }

    private func errors(of quantity: MeasuredQuantity) -> [(row: String, error: Double)] {
        comparisons.filter { $0.isCounted && $0.quantity == quantity }.map { ($0.row, $0.error) }
    }

    @Test("frames a second within 5 %, of pipelines and of input streams that bind")
    func throughput() {
        let errors = errors(of: .framesPerSecond)
        #expect(errors.count == 4)
        for (row, error) in errors { #expect(abs(error) < 0.05, "\(row)") }
    }

    @Test("the time of one frame within 10 %, and within 5 % of an RTL simulation")
    func latency() {
        for (row, error) in errors(of: .latencySeconds) { #expect(abs(error) < 0.1, "\(row)") }
        for (row, error) in errors(of: .cycles) { #expect(abs(error) < 0.05, "\(row)") }
    }

    @Test("resources after implementation within the errors that the model states")
    func resources() {
        for (row, error) in errors(of: .lookupTables) { #expect((-0.3...0.5).contains(error), "\(row)") }
        for (row, error) in errors(of: .blockMemories) { #expect((-0.2...0.4).contains(error), "\(row)") }
        #expect(errors(of: .lookupTables).count == 6)
    }

    /// Measured 837,019 frames/s where the slowest stage allows 1,562,500.
    @Test("TFC is bound by its input stream, in numbers")
    func inputStream() throws {
        let tfc = try #require(comparisons.first { $0.row == "ACC-330" }?.estimate.throughput)
        #expect(tfc.bound == .inputStream)
        #expect(tfc.slowestStageCycles == 64)
        // 784 bytes through 128 bits, and the wait for the first.
        #expect(tfc.inputCycles == 49 + 30 && tfc.intervalCycles == 79)
    }

    /// Cycles of each layer of `finn-folding.csv` (Xilinx/finn-examples, BNN-PYNQ builds).
    @Test("stages take the ideal cycles of FINN's own foldings")
    func idealCycles() throws {
        let ideal: [String: [Int]] = [
            "ACC-331": [32400, 28224, 20736, 28800, 20736, 18432, 32768, 32768, 1024], "ACC-330": [64, 64, 64, 8],
            // PE and SIMD of BNN-PYNQ's CNV W2A2.
            "BNN-PYNQ-cnvW2A2-LUT": [64800, 112896, 82944, 115200, 82944, 73728, 65536, 65536, 8192],
        ]
        for (row, cycles) in ideal {
            let estimate = try #require(comparisons.first { $0.row == row }?.estimate)
            let stages = zip(estimate.layers, estimate.schedule.layers).compactMap { layer, scheduled in
                if case .stage(let stage) = scheduled.form, layer.macs > 0 { stage.interval } else { nil }
            }
            #expect(stages == cycles, "\(row)")
        }
    }
}
