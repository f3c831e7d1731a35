import Estimation
import Hardware
import Quantities
import Testing
import Workloads

@Suite("Advice")
struct AdvisorTests {
    private func estimate(_ workload: Workload, on name: String) throws -> (Estimator, Estimate) {
        let device = try Profiles.library.device(named: name).subject
        let runtime = try device.defaultRuntime.map { try Profiles.library.runtime(named: $0).subject }
        let estimator = try Estimator(device: device, runtime: runtime)
        return (estimator, try estimator.estimate(workload).get())
    }

    @Test("what is told is what the layer costs under the change", arguments: ["nucleo-l4r5zi", "systolic-16x16-os"])
    func recosted(_ name: String) throws {
        let workload = Fixtures.convolution(size: 18, channels: 32, kernel: 3, filters: 64)
        let (estimator, estimate) = try estimate(workload, on: name)
        let advice = try #require(Advisor(estimator).advice(on: workload, estimate).first)
        #expect(!advice.isEmpty && advice.count <= Advisor.changes)
        let now = estimate.layers[0].cycles.total
        for one in advice { #expect(one.saving == now - one.cycles && one.saving >= now / 50) }
        #expect(advice.map(\.cycles) == advice.map(\.cycles).sorted())
        let half = try #require(advice.first { $0.change.contains("half of its filters") })
        let fewer = Fixtures.convolution(size: 18, channels: 32, kernel: 3, filters: 32)
        #expect(try estimator.estimate(fewer).get().layers[0].cycles.total == half.cycles)
    }

    @Test("a layer that memory binds is helped by bandwidth and bits, one in registers by neither")
    func binding() throws {
        var device = try Profiles.library.device(named: "systolic-16x16-os").subject
        guard case .systolicArray(var array) = device.machine else { return }
        array.memoryBandwidth = .perCycle(thousandthBytes: 100)
        device.machine = .systolicArray(array)
        let workload = Fixtures.convolution(size: 3, channels: 64, kernel: 3, filters: 64)
        let starved = try Estimator(device: device, runtime: nil)
        let told = Advisor(starved).advice(on: workload, try starved.estimate(workload).get())[0].map(\.change)
        #expect(told.contains("twice the memory bandwidth") && told.contains("weights of 4 bit"))
        array.memoryBandwidth = .perCycle(thousandthBytes: 1_000_000_000)
        array.memoryLatency = 0
        device.machine = .systolicArray(array)
        let fed = try Estimator(device: device, runtime: nil)
        let other = Advisor(fed).advice(on: workload, try fed.estimate(workload).get())[0].map(\.change)
        #expect(!other.contains("twice the memory bandwidth") && !other.contains("weights of 4 bit"))
    }

    @Test("zeros anywhere do not help a dense array; the same zeros in whole filters do")
    func granularity() throws {
        let weights = Fixtures.weights(32 * 64 * 9, nonzero: 32 * 32 * 9)
        let workload = Fixtures.convolution(size: 18, channels: 32, kernel: 3, filters: 64, weights: weights)
        let (estimator, estimate) = try estimate(workload, on: "systolic-16x16-os")
        let told = Advisor(estimator).advice(on: workload, estimate)[0].map(\.change)
        #expect(told.contains("as many zero weights in whole filters"))
        #expect(!told.contains { $0.contains("bitmap") })
    }
}
