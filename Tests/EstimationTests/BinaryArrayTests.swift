import Estimation
import FixedPoint
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Binary array")
struct BinaryArrayTests {
    private func device(weightBits: Int = 1, activationBits: Int = 1, store: Int = 1 << 16, rate: Int = 1_000_000)
        -> Device
    {
        let array = BinaryArray(
            elements: 8, wordBits: 32, weightBits: weightBits, activationBits: activationBits, accumulatorBits: 32,
            passOverhead: 2, weightStore: Bytes(store), memoryBandwidth: .perCycle(thousandthBytes: rate))
        return Fixtures.device(.binaryArray(array))
    }

    private func layer(
        size: Int = 1, channels: Int = 2048, kernel: Int = 1, filters: Int = 8, bits: Int = 1, activations: Int = 1
    ) -> Workload {
        let count = filters * channels * kernel * kernel
        return Fixtures.convolution(
            size: size, channels: channels, kernel: kernel, filters: filters,
            weights: Fixtures.weights(count, bits: bits), activationBits: activations)
    }

    private func estimate(_ device: Device, _ workload: Workload) throws -> LayerEstimate {
        try Estimator(device: device, runtime: nil).estimate(workload).get().layers[0]
    }

    /// Verilog simulation of 8 elements x 32 bits: 66 cycles an inference of 64 words, all eight sums exact.
    @Test("64 words of 8 outputs take the 66 cycles of the simulated array")
    func simulated() throws {
        let estimate = try estimate(device(), layer())
        #expect(estimate.cycles.total == 66)
        #expect(estimate.cycles[.multiplication] == 64 && estimate.cycles[.fillDrain] == 2)
        #expect(estimate.macs == 8 * 2048)
        #expect(estimate.utilization == 64.0 / 66)
    }

    @Test("the shipped array takes 66 cycles as well")
    func shipped() throws {
        let device = try Profiles.library.device(named: "xnor-8x32").subject
        let estimate = try estimate(device, layer())
        #expect(estimate.cycles[.compute] == 66)
    }

    @Test("pixels, groups of outputs, words and bit planes multiply")
    func closedForm() throws {
        // 4x4 pixels, 9 filters in 2 groups, 9 x 40 products in 12 words, 2 x 3 planes.
        let workload = layer(size: 6, channels: 40, kernel: 3, filters: 9, bits: 2, activations: 3)
        let cycles = try estimate(device(weightBits: 2, activationBits: 3), workload).cycles
        #expect(cycles.total == 16 * 2 * 6 * (12 + 2))
    }

    @Test("weights beyond the store are fetched for every pixel")
    func store() throws {
        let workload = layer(size: 6, channels: 32, kernel: 3, filters: 8)
        let kept = try estimate(device(store: 1 << 16, rate: 1_000), workload)
        let fetched = try estimate(device(store: 16, rate: 1_000), workload)
        #expect(kept.cycles[.compute] == fetched.cycles[.compute])
        // 288 bytes of weights for each of 16 pixels, 144 bytes in, 16 bytes out.
        #expect(fetched.cycles.total == 16 * 288 + 144 + 16)
        #expect(fetched.bound == .memoryBandwidth)
    }

    @Test("wider operands and sums than the elements take are refused; a memory without rate too")
    func refusals() throws {
        for (workload, reason) in [
            (layer(bits: 2), "the array takes weights of at most 1 bits"),
            (layer(activations: 8), "the array takes activations of at most 1 bits"),
        ] {
            guard
                case .failure(.unsupported(let layers)) = try Estimator(device: device(), runtime: nil).estimate(
                    workload)
            else {
                Issue.record("no refusal")
                continue
            }
            #expect(layers.map(\.reason) == [reason])
        }
        #expect(throws: EstimateRefusal.noRate(device: "bench", what: "a memory bandwidth")) {
            try Estimator(device: device(rate: 0), runtime: nil)
        }
    }
}
