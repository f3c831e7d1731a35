import Estimation
import Foundation
import Hardware
import Quantities
import Testing
import Workloads

@Suite("Estimates as JSON")
struct JSONTests {
    private func estimate() throws -> Estimate {
        let device = Fixtures.device(
            .processor(Fixtures.core()), waits: 3, line: 16,
            energy: EnergyFacts(activePower: Power(nanowatts: 40_000_000)))
        let workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5)
        return try Estimator(device: device, runtime: Fixtures.runtime([Fixtures.kernel()])).estimate(workload).get()
    }

    @Test("a decoded estimate equals the encoded one")
    func roundTrip() throws {
        let before = try estimate()
        let after = try JSONDecoder().decode(Estimate.self, from: JSONEncoder().encode(before))
        #expect(after == before)
        #expect(before.layers[0].cycles[.weightFetch] > 0)
    }

    @Test("holds the documented keys")
    func keys() throws {
        let data = try JSONEncoder().encode(estimate())
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let totals = try #require(object["totals"] as? [String: Any])
        for key in ["cycles", "latencySeconds", "energyJoules", "ramBytes", "flashBytes", "macs"] {
            #expect(totals[key] != nil, "totals lack \(key)")
        }
        let layer = try #require((object["layers"] as? [[String: Any]])?.first)
        for key in ["name", "cycles", "bound", "energy", "utilization"] { #expect(layer[key] != nil, "lacks \(key)") }
        let cycles = try #require(layer["cycles"] as? [String: Any])
        for key in ["compute", "memoryStall", "overhead", "total"] { #expect(cycles[key] is Int, "lacks \(key)") }
        #expect((object["errorBand"] as? [String: Any])?["status"] as? String == "uncalibrated")
    }
}
