import Estimation
import FixedPoint
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("In-order processor")
struct InOrderProcessorTests {
    private func estimate(
        _ workload: Workload, kernels: [Kernel] = [Fixtures.kernel()], device: Device? = nil
    ) throws -> Estimate {
        let device = device ?? Fixtures.device(.processor(Fixtures.core()))
        return try Estimator(device: device, runtime: Fixtures.runtime(kernels)).estimate(workload).get()
    }

    @Test("unit costs give products plus outputs")
    func unitCosts() throws {
        // 4x4 outputs of 5 filters over 3x3x2: 1440 products, 80 outputs.
        let estimate = try estimate(Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5))
        #expect(estimate.totals.macs == 1440)
        #expect(estimate.totals.cycles == 1520)
        #expect(estimate.layers[0].cycles[.multiplication] == 1440)
        #expect(estimate.layers[0].cycles[.requantization] == 80)
        #expect(estimate.layers[0].bound == .multiplication)
        #expect(estimate.totals.latencySeconds == 1520e-6)
        #expect(estimate.totals.energyJoules == nil)
        #expect(estimate.errorBand == .uncalibrated)
        #expect(estimate.totals.ramBytes == 72 + 80)
        #expect(estimate.totals.flashBytes == 90 + 100)
        let faults = estimate.schedule.faults(
            for: Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5),
            on: Fixtures.device(.processor(Fixtures.core())), storage: ActivationStorage(isPacked: false, alignment: 4))
        #expect(faults.isEmpty)
    }

    @Test("a block shares loads, a step shares iterations, and the last one is run in full")
    func blocksAndSteps() throws {
        let kernel = Fixtures.kernel(
            block: .init(pixels: 2, channels: 2), step: 4, inner: [.load: 3, .dualMultiplyAccumulate: 8],
            perOutput: [:])
        // 16 pixels in 8 pairs, 5 filters in 3 pairs, 18 products in 5 steps.
        let estimate = try estimate(
            Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5), kernels: [kernel])
        #expect(estimate.layers[0].cycles[.multiplication] == 8 * 3 * 5 * 8)
        #expect(estimate.layers[0].cycles[.operandTransfer] == 8 * 3 * 5 * 3)
    }

    @Test("two issue slots halve the time unless one unit binds")
    func dualIssue() throws {
        var core = Fixtures.core(issueWidth: 2)
        core.memoryPorts = 1
        core.multiplyUnits = 1
        let kernel = Fixtures.kernel(inner: [.load: 1, .multiplyAccumulate: 1, .arithmetic: 2], perOutput: [:])
        let workload = Fixtures.convolution(size: 3, channels: 1, kernel: 3, filters: 1)
        let even = try estimate(workload, kernels: [kernel], device: Fixtures.device(.processor(core)))
        #expect(even.totals.cycles == 18)
        let loads = Fixtures.kernel(inner: [.load: 3, .multiplyAccumulate: 1], perOutput: [:])
        let bound = try estimate(workload, kernels: [loads], device: Fixtures.device(.processor(core)))
        #expect(bound.totals.cycles == 27)
    }

    @Test("the cheapest kernel that can run the layer is taken")
    func choice() throws {
        let kernels = [
            Fixtures.kernel("slow", inner: [.multiplyAccumulate: 2]),
            Fixtures.kernel("narrow", weightBits: 1...4, inner: [.multiplyAccumulate: 1], perOutput: [:]),
            Fixtures.kernel("fast"),
        ]
        let workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5)
        #expect(try estimate(workload, kernels: kernels).layers[0].kernel == "fast")
        let narrow = Fixtures.convolution(
            size: 6, channels: 2, kernel: 3, filters: 5, weights: Fixtures.weights(90, bits: 4))
        #expect(try estimate(narrow, kernels: kernels).layers[0].kernel == "narrow")
    }

    @Test("what a runtime or a core lacks is refused by name")
    func refusals() throws {
        let workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5, activationBits: 4)
        let runtime = Fixtures.runtime([Fixtures.kernel(activationBits: 8...8)])
        let device = Fixtures.device(.processor(Fixtures.core()))
        let refusal = try Estimator(device: device, runtime: runtime).estimate(workload)
        #expect(
            refusal
                == .failure(
                    .unsupported([
                        UnsupportedLayer(
                            layer: "conv", reason: "bench runtime has no convolution kernel for 4-bit activations")
                    ])))
        let bare = Fixtures.device(.processor(Fixtures.core(lacks: [.multiplyAccumulate])))
        let lacking = try Estimator(device: bare, runtime: Fixtures.runtime([Fixtures.kernel()])).estimate(workload)
        guard case .failure(.unsupported(let layers)) = lacking else {
            Issue.record("no refusal")
            return
        }
        #expect(layers[0].reason.contains("multiplyAccumulate"))
    }

    @Test("machines without a runtime or a clock say so")
    func refusedMachines() {
        let device = Fixtures.device(.processor(Fixtures.core()))
        #expect(throws: EstimateRefusal.needsRuntime(device: "bench")) {
            try Estimator(device: device, runtime: nil)
        }
        var stopped = device
        stopped.clock = Frequency(hertz: 0)
        #expect(throws: EstimateRefusal.noRate(device: "bench", what: "a clock")) {
            try Estimator(device: stopped, runtime: nil)
        }
    }

    @Test("what is larger than its memory does not fit, with the numbers")
    func doesNotFit() throws {
        let device = Fixtures.device(.processor(Fixtures.core()), flash: 100, ram: 150)
        let workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5)
        let result = try Estimator(device: device, runtime: Fixtures.runtime([Fixtures.kernel()])).estimate(workload)
        guard case .failure(.doesNotFit(let shortages, let estimate)) = result else {
            Issue.record("fits")
            return
        }
        let weights = Shortage(content: "weights", neededBytes: 90, availableBytes: 0, memory: "flash")
        let activations = Shortage(content: "activations", neededBytes: 152, availableBytes: 150, memory: "ram")
        #expect(shortages == [weights, activations])
        #expect(estimate.totals.cycles == 1520)
    }

    @Test("sparse kernels pay for stored entries, dense ones for zeros as well")
    func sparsity() throws {
        let sparse = Fixtures.kernel(
            "sparse", forms: [.relativeIndex], inner: [.load: 2, .multiplyAccumulate: 1], perOutput: [:],
            skipsZeros: true)
        let kernels = [Fixtures.kernel(perOutput: [:]), sparse]
        func cycles(_ weights: WeightFootprint) throws -> Int {
            try estimate(
                Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5, weights: weights), kernels: kernels
            ).totals.cycles
        }
        let half = try cycles(Fixtures.weights(90, nonzero: 45))
        #expect(half == 1440)
        #expect(try cycles(Fixtures.weights(90, nonzero: 45, storage: .relativeIndex)) == 45 * 16 * 3)
        #expect(try cycles(Fixtures.weights(90, nonzero: 9, storage: .relativeIndex)) == 9 * 16 * 3)
    }

    @Test("power times time is the energy, to the femtojoule")
    func energy() throws {
        let energy = EnergyFacts(activePower: Power(nanowatts: 40_000_000))
        let device = Fixtures.device(.processor(Fixtures.core()), energy: energy)
        let estimate = try estimate(
            Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5), device: device)
        // 40 mW for 1520 us.
        #expect(estimate.totals.energyFemtojoules == 40 * 1520 * 1_000_000)
        #expect(estimate.totals.energy?.computeFemtojoules == estimate.totals.energyFemtojoules)
        #expect(estimate.assumptions.contains { $0.contains("rail") })
    }
}
