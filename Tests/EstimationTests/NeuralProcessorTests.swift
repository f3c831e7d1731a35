import Estimation
import Foundation
import Hardware
import Quantities
import Scheduling
import Tensors
import Testing
import Workloads

/// Whole networks on neural processors against the totals that the vendor's compiler (Vela 5.2.0) printed.
@Suite struct NeuralProcessorTests {
    private static let rows = TraceTable.rows("boards/ethos-u.csv")

    private static let oneMemory = ["memories.sram.holds=[weights, activations, code]", "memories.flash.holds=[]"]

    private func estimate(_ workload: Workload, _ device: String, _ settings: [String] = []) throws -> Estimate {
        let device = try Profiles.library.device(named: device, overrides: settings).subject
        return try Estimator(device: device, runtime: nil).estimate(workload).get()
    }

    /// The issue's target is 15 %.
    @Test func totalsAreTheVendorsWithinEightPerCent() throws {
        #expect(Self.rows.count >= 50)
        for row in Self.rows {
            let workload = try #require(TraceTable.workload(row["network"] ?? ""))
            let settings = (row["settings"] ?? "").split(separator: ";").map(String.init)
            let estimate = try estimate(workload, row["device"] ?? "", settings)
            let ratio = Double(estimate.totals.cycles) / (Double(row["measured"] ?? "") ?? 1)
            #expect(abs(ratio - 1) < 0.08, "\(row["row"] ?? "") \(row["network"] ?? ""): \(ratio)")
        }
    }

    /// 1x1 over 2x2x32 to 8 filters on Ethos-U55-256, everything in one SRAM of 8 B/cycle, 32 cycles, bursts of 32 B.
    ///
    /// One unit of 2x2x8. Multipliers: a unit's weights take 4 x 8 = 32 cycles, a step alone 2 more: 34. Output stage: 32
    /// elements at 0.25 are 8, scales 10 x 8 channels x 32 / 256 = 10 cycles; issuing commands (34 + 10) / 4 = 11. First block: 32 + 128 B / 8 = 48. Last
    /// block: rows of 8 channels go out in bursts of 16 B that take as long as 32: 32 + 64 / 8 = 40.
    @Test func onePointwiseLayerByHand() throws {
        let estimate = try estimate(
            Fixtures.convolution(size: 2, channels: 32, kernel: 1, filters: 8), "ethos-u55-256", Self.oneMemory)
        let cycles = estimate.layers[0].cycles
        #expect(cycles[.multiplication] == 34)
        #expect(cycles[.requantization] == 11)
        #expect(cycles[CycleCause.overhead] == 48 + 40)
        #expect(cycles.total == 133)
        #expect(estimate.layers[0].bound == .overhead)
    }

    /// A weight that is never zero and takes every value costs its width; one of few values costs less to fetch.
    @Test func weightsOfLowEntropyAreFetchedSooner() throws {
        var dense = Fixtures.convolution(size: 4, channels: 256, kernel: 3, filters: 256)
        let unknown = try estimate(dense, "ethos-u55-256").totals.cycles
        dense.layers[0].weights?.entropyBits = 4
        let known = try estimate(dense, "ethos-u55-256").totals.cycles
        #expect(Double(known) < 0.6 * Double(unknown))
        #expect(try estimate(dense, "ethos-u55-256").layers[0].bound == .weightFetch)
    }

    /// Arm states half the rate for 16-bit activations: twice the cycles of the multipliers.
    @Test func sixteenBitActivationsTakeTwiceTheMultiplications() throws {
        let narrow = try estimate(
            Fixtures.convolution(size: 18, channels: 64, kernel: 3, filters: 64), "ethos-u55-256", Self.oneMemory)
        let wide = try estimate(
            Fixtures.convolution(size: 18, channels: 64, kernel: 3, filters: 64, activationBits: 16), "ethos-u55-256",
            Self.oneMemory)
        let ratio = Double(wide.totals.cycles) / Double(narrow.totals.cycles)
        #expect((1.7...2.3).contains(ratio), "\(ratio)")
    }

    /// Without a measured energy there is none, rather than a guess.
    @Test func energyIsUnknown() throws {
        let estimate = try estimate(Fixtures.convolution(size: 8, channels: 8, kernel: 1, filters: 8), "ethos-u55-128")
        #expect(estimate.totals.energy == nil)
    }

    @Test func realsAreRefusedAndWideActivationsToo() throws {
        let device = try Profiles.library.device(named: "ethos-u55-128").subject
        let estimator = try Estimator(device: device, runtime: nil)
        var reals = Fixtures.convolution(size: 8, channels: 8, kernel: 1, filters: 8)
        reals.layers[0].isFloat = true
        #expect(throws: EstimateRefusal.self) { try estimator.estimate(reals).get() }
        let wide = Fixtures.convolution(size: 8, channels: 8, kernel: 1, filters: 8, activationBits: 32)
        #expect(throws: EstimateRefusal.self) { try estimator.estimate(wide).get() }
    }

    @Test func aMemoryWithoutARateIsRefused() throws {
        var device = try Profiles.library.device(named: "ethos-u55-128").subject
        device.memories[0].bandwidth = .perCycle(thousandthBytes: 0)
        let stopped = device
        #expect(throws: EstimateRefusal.self) { try Estimator(device: stopped, runtime: nil) }
    }

    /// A hostile window or stride gives a large figure or a refusal, never a trap.
    @Test func extremeLayersDoNotTrap() throws {
        let device = try Profiles.library.device(named: "ethos-u65-512").subject
        let estimator = try Estimator(device: device, runtime: nil)
        for extent in [0, 1, 1 << 20, 1 << 31] {
            var workload = Fixtures.convolution(size: 8, channels: 8, kernel: 1, filters: 8)
            workload.layers[0].loops.kernelHeight = extent
            workload.layers[0].loops.strideWidth = extent
            workload.layers[0].loops.dilationHeight = extent
            _ = estimator.estimate(workload)
            workload.layers[0].computeClass = .pooling
            _ = estimator.estimate(workload)
        }
    }

    /// The sum of layers costed alone is near the network's: what a search adds up.
    @Test func layersAloneAddUpToTheNetwork() throws {
        let workload = try #require(TraceTable.workload("blocks-resnet-32"))
        let device = try Profiles.library.device(named: "ethos-u55-256").subject
        let estimator = try Estimator(device: device, runtime: nil)
        let whole = try estimator.estimate(workload).get()
        var sum = 0
        for index in workload.layers.indices {
            sum += try estimator.cost(of: workload.operands(ofLayer: index), placement: whole.schedule.placement)
                .cycles.total
        }
        #expect(abs(Double(sum) / Double(whole.totals.cycles) - 1) < 0.1, "\(sum) \(whole.totals.cycles)")
    }
}

/// The MLPerf Tiny networks: shapes from the shared data, the entropy of their weights and Vela's totals from `Traces`.
@Suite struct NeuralProcessorNetworkTests {
    @Test(.enabled(if: Profiles.hasBoards, "the shared measurements are absent"))
    func totalsAreTheVendorsWithinFivePerCent() throws {
        let rows = TraceTable.rows("neural-processors/mlperf-cycles.csv")
        #expect(rows.count >= 40)
        for row in rows {
            let name = row["network"] ?? ""
            let workload = try #require(measured(name))
            let settings = (row["settings"] ?? "").split(separator: ";").map(String.init)
            let device = try Profiles.library.device(named: row["device"] ?? "", overrides: settings).subject
            let estimate = try Estimator(device: device, runtime: nil).estimate(workload).get()
            let ratio = Double(estimate.totals.cycles) / (Double(row["cycles"] ?? "") ?? 1)
            #expect(abs(ratio - 1) < 0.05, "\(name) \(row["device"] ?? "") \(row["system"] ?? ""): \(ratio)")
        }
    }

    /// The network with what was counted on its weights.
    private func measured(_ name: String) -> Workload? {
        guard var workload = Profiles.workload(benchmark: name) else { return nil }
        var counted = TraceTable.rows("neural-processors/mlperf-weights.csv").filter { $0["network"] == name }[...]
        for index in workload.layers.indices where workload.layers[index].weights != nil {
            guard let row = counted.popFirst() else { return nil }
            workload.layers[index].weights?.entropyBits = Double(row["entropyBits"] ?? "")
            workload.layers[index].weights?.nonzeroElements = Int(row["nonzeroElements"] ?? "") ?? 0
        }
        return workload
    }
}
