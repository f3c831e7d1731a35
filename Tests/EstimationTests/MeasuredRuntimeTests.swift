import Estimation
import Foundation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Runtime libraries known by measured networks")
struct MeasuredRuntimeTests {
    /// One cycle for a product, two for an output, three for a gathered element, one hundred for a call.
    private func library(core: String = "unit core", drops: Bool = false) -> RuntimeLibrary {
        var library = Fixtures.runtime([])
        let costs: [WorkClass: CycleCost] = [
            .spatial: CycleCost(1), .output: CycleCost(2), .gathered: CycleCost(3), .call: CycleCost(100),
        ]
        library.work = MeasuredWork(
            dropsDeadChannels: drops,
            cores: [
                CoreWork(core: core, standing: .measured, rows: 7, costs: costs, spread: [.spatial: 0.1])
            ])
        return library
    }

    private let device = Fixtures.device(.processor(Fixtures.core()), waits: 5, line: 8)

    @Test("work times cost, and waits for lines of weights, by hand")
    func byHand() throws {
        let workload = Fixtures.convolution(size: 10, channels: 4, kernel: 3, filters: 6)
        let estimate = try Estimator(device: device, runtime: library()).estimate(workload).get()
        // 64 pixels, windows of 36, 6 filters; 216 bytes of weights in 27 lines of 8, 5 cycles each.
        let cycles = estimate.layers[0].cycles
        let wanted: [(CycleCause, Int)] = [
            (.multiplication, 13_824), (.requantization, 768), (.gathering, 6_912), (.overhead, 100),
            (.weightFetch, 135),
        ]
        for (cause, count) in wanted { #expect(cycles[cause] == count, "\(cause)") }
        #expect(estimate.errorBand.status == .calibrated)
        #expect(estimate.errorBand.rows == 7)
        let highest = try #require(estimate.errorBand.highestRatio)
        let expected = 1.1367347  // exp(1.2816 x 0.1 x share of the only class with a spread)
        #expect(abs(highest - expected) < 1e-6)
        let latency = estimate.totals.latencySeconds * highest
        #expect(estimate.totals.highestLatencySeconds == latency)
    }

    @Test("dead channels cost nothing where the library drops them")
    func deadChannels() throws {
        var workload = Fixtures.convolution(size: 10, channels: 4, kernel: 3, filters: 6)
        workload.markLiveChannels(zeroFilters: [0: [true, false, false, true, true, false]])
        let kept = try Estimator(device: device, runtime: library()).estimate(workload).get()
        let dropped = try Estimator(device: device, runtime: library(drops: true)).estimate(workload).get()
        #expect(kept.layers[0].executedMacs == 13_824)
        #expect(dropped.layers[0].executedMacs == 6_912)
        let outputs: CycleCause = .requantization
        #expect(dropped.layers[0].cycles[outputs] == 384)
    }

    @Test("a core or width that was never measured is refused with the numbers")
    func refusals() throws {
        #expect(throws: EstimateRefusal.notMeasured(runtime: "bench runtime", core: "unit core", known: ["other"])) {
            try Estimator(device: device, runtime: library(core: "other"))
        }
        let narrow = Fixtures.convolution(
            size: 10, channels: 4, kernel: 3, filters: 6, weights: Fixtures.weights(216, bits: 4))
        let estimator = try Estimator(device: device, runtime: library())
        guard case .failure(.unsupported(let layers)) = estimator.estimate(narrow) else {
            Issue.record("4-bit weights were estimated")
            return
        }
        #expect(layers[0].reason.contains("4 bits"))
    }

    @Test("the VWW network has 3,742,091 live of 7,489,664 products")
    func liveProducts() throws {
        let device = try Profiles.library.device(named: "nucleo-l4r5zi").subject
        func executed(_ runtime: String) throws -> Int {
            let runtime = try Profiles.library.runtime(named: runtime).subject
            return try Estimator(device: device, runtime: runtime).estimate(BoardRow.workload("vww01")).get()
                .totals.executedMacs
        }
        #expect(try executed("x-cube-ai-8.0") == 7_489_664)
        #expect(try executed("x-cube-ai-8.1") == 3_742_091)
    }

    @Test("a version that was not seen on a core is marked, with a wider band")
    func transferred() throws {
        let runtime = try Profiles.library.runtime(named: "microtvm-1.0").subject
        func band(_ board: String) throws -> ErrorBand {
            let device = try Profiles.library.device(named: board).subject
            return try Estimator(device: device, runtime: runtime).estimate(BoardRow.workload("kws01")).get()
                .errorBand
        }
        let (seen, unseen) = (try band("nucleo-l4r5zi"), try band("nrf5340-dk"))
        #expect(seen.status == .calibrated)
        #expect(unseen.status == .transferred)
        #expect(try #require(unseen.highestRatio) > #require(seen.highestRatio))
    }
}
