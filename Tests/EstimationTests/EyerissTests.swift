import Estimation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

/// Against the chip as measured: Chen, Krishna, Emer, Sze, JSSC 52(1) 2017, AlexNet at batch 4, 200 MHz and 1 V
/// (published-accelerator-results.csv, ACC-001 to ACC-042).
@Suite("Eyeriss")
struct EyerissTests {
    private static let published: [(milliseconds: Double, processing: Double)] = [
        (20.9, 16.5), (41.9, 39.2), (23.6, 21.8), (18.4, 16.0), (10.5, 10.0),
    ]

    private func estimate(_ layers: [(name: String, loops: LoopNest, zeros: Double?)]) throws -> Estimate {
        let device = try Profiles.library.device(named: "eyeriss").subject
        return try Estimator(device: device, runtime: nil).estimate(SpatialLayers.workload(layers, bits: 16)).get()
    }

    @Test("latency of AlexNet within 10 % in total and within 12 % in every layer")
    func latency() throws {
        let estimate = try estimate(SpatialLayers.alexNet)
        #expect(abs(estimate.totals.latencySeconds / 0.1153 - 1) <= 0.10)
        for (layer, measured) in zip(estimate.layers, Self.published) {
            let milliseconds = Double(layer.cycles.total) / 200_000
            let processing = Double(layer.cycles.total - layer.cycles[.memoryBandwidth]) / 200_000
            #expect(abs(milliseconds / measured.milliseconds - 1) <= 0.12)
            #expect(abs(processing / measured.processing - 1) <= 0.12)
        }
    }

    @Test("energy of AlexNet within 10 %, with counted zeros and with assumed ones")
    func energy() throws {
        let measured = 0.278 * 0.1153
        for isCounted in [true, false] {
            let layers = SpatialLayers.alexNet.map { ($0.name, $0.loops, isCounted ? $0.zeros : nil) }
            let estimate = try estimate(layers)
            #expect(abs((estimate.totals.energyJoules ?? 0) / measured - 1) <= 0.10)
        }
    }
}
