import Estimation
import Hardware
import Scheduling
import Testing
import Workloads

@Suite("Speed of estimates")
struct SpeedTests {
    @Test("a layer is costed again in microseconds")
    func layer() throws {
        let kernels = (0..<20).map { Fixtures.kernel("kernel \($0)", inner: [.load: 2, .multiplyAccumulate: 1]) }
        let device = Fixtures.device(.processor(Fixtures.core()), waits: 5, line: 16)
        let estimator = try Estimator(device: device, runtime: Fixtures.runtime(kernels))
        let workload = Fixtures.convolution(size: 34, channels: 64, kernel: 3, filters: 64)
        let operands = workload.operands(ofLayer: 0)
        let placement = try estimator.estimate(workload).get().schedule.placement
        let clock = ContinuousClock()
        var cycles = 0
        let time = try clock.measure {
            for _ in 0..<1000 {
                cycles &+= try estimator.cost(of: operands, placement: placement).cycles.total
            }
        }
        #expect(cycles > 0)
        // 2 milliseconds a layer: far above the truth, so that a busy machine passes.
        #expect(time < .seconds(2))
    }
}
