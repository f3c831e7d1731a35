import Estimation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Spatial array")
struct SpatialArrayTests {
    private func device(_ name: String) throws -> Device { try Profiles.library.device(named: name).subject }

    @Test("common layers are mapped quickly, with proof", arguments: ["nvdla-like", "eyeriss"])
    func speed(name: String) throws {
        let device = try device(name)
        for layer in SpatialLayers.common {
            let workload = SpatialLayers.workload([layer], bits: 8)
            // A fresh estimator each time: one keeps the mappings it has found.
            var best = Double.infinity  // milliseconds
            var estimate: Estimate?
            for _ in 0..<3 {
                let estimator = try Estimator(device: device, runtime: nil)
                let start = ContinuousClock.now
                estimate = try estimator.estimate(workload).get()
                best = min(best, (ContinuousClock.now - start) / .milliseconds(1))
            }
            let found = try #require(estimate)
            // Far above what Benchmarks/mapping measures, so that a busy machine passes.
            #expect(best <= 500)
            guard case .mapping(.loopNest(let mapping)) = found.schedule.layers[0].form else { continue }
            #expect(mapping.proof.gap <= 0.01)
        }
    }

    @Test("a mapping once found is asked again without a search")
    func again() throws {
        let estimator = try Estimator(device: try device("nvdla-like"), runtime: nil)
        let workload = SpatialLayers.workload(SpatialLayers.common, bits: 8)
        let placement = try estimator.estimate(workload).get().schedule.placement
        let operands = workload.layers.indices.map { workload.operands(ofLayer: $0) }
        var cycles = 0
        let start = ContinuousClock.now
        for _ in 0..<1000 {
            for layer in operands { cycles += try estimator.cost(of: layer, placement: placement).cycles.total }
        }
        let each = (ContinuousClock.now - start) / .microseconds(1000 * operands.count)
        // Far above what Benchmarks/mapping measures, so that a busy machine passes.
        #expect(each <= 500)
        #expect(cycles > 0)
    }

    /// One cell, one filter of one row over one channel: every count by hand.
    @Test("a row-stationary pass worked out by hand")
    func rowStationaryByHand() throws {
        let layer = try estimate(grid(rows: 1, columns: 1), Self.strip(outputs: 4, taps: 3))
        // 4 outputs x 3 products; 3 weights and the first window of 3 inputs fill the cell at a word a cycle.
        #expect(layer.cycles[.multiplication] == 12)
        #expect(layer.cycles[.operandTransfer] == 0)
        #expect(layer.cycles[.fillDrain] == 3 + 3)
        // 6 inputs and 4 outputs of one byte at a byte a cycle; the 3 weights are fetched meanwhile.
        #expect(layer.cycles[.memoryBandwidth] == 6 + 4)
        // 12 products of 1 and 4 accesses of 1; 6 inputs, 3 weights and 4 sums over the network at 8 bits of 1.
        #expect(layer.energy?.computeFemtojoules == 12 * 5 + (6 + 3 + 4) * 8)
        // Those words read from the buffers, and 13 words that came from memory or left for it.
        #expect(layer.energy?.sramFemtojoules == (13 + 13) * 8 * 2)
        #expect(layer.energy?.dramFemtojoules == 13 * 8 * 10)
    }

    @Test("zeros save energy where they are gated, and no time")
    func gating() throws {
        let workload = Self.strip(outputs: 4, taps: 3)
        var zeros = workload
        zeros.layers[0].activationZeros = MeasuredFraction(value: 0.5, origin: .executed)
        let all = try estimate(grid(rows: 1, columns: 1), workload)
        let half = try estimate(grid(rows: 1, columns: 1), zeros)
        #expect(half.cycles == all.cycles)
        #expect(half.energy?.computeFemtojoules == (all.energy?.computeFemtojoules ?? 0) - 6 * 4)
    }

    @Test("larger stores, buffers and buses never take longer; more cells neither")
    func monotone() throws {
        let workload = SpatialLayers.workload([SpatialLayers.common[3]], bits: 8)
        var last = Int.max
        for scale in [1, 2, 4, 8] {
            let cycles = try estimate(
                grid(rows: 3 * scale, columns: 4 * scale, store: 16 * scale, buffer: 4096 * scale, bus: 8 * scale),
                workload
            ).cycles.total
            #expect(cycles <= last)
            last = cycles
        }
    }

    @Test("filters taller and wider than the cells are cut into pieces")
    func pieces() throws {
        let layer = try estimate(grid(rows: 2, columns: 2, store: 2), Self.strip(outputs: 4, taps: 7))
        #expect(layer.cycles[.multiplication] >= 28)
    }

    @Test("what cannot run is refused with a reason", arguments: ["eyeriss", "nvdla-like"])
    func refusals(name: String) throws {
        let device = try device(name)
        let estimator = try Estimator(device: device, runtime: nil)
        var wide = Self.strip(outputs: 4, taps: 3)
        wide.layers[0].weights?.elementBits = 32
        var endless = Self.strip(outputs: 4, taps: 3)
        (endless.layers[0].loops.outputChannels, endless.layers[0].loops.inputChannels) = (1 << 31, 1 << 31)
        var empty = Self.strip(outputs: 4, taps: 3)
        empty.layers[0].loops.outputWidth = 0
        var still = Self.strip(outputs: 4, taps: 3)
        still.layers[0].loops.strideWidth = 0
        for workload in [wide, endless, empty, still] {
            guard case .failure(.unsupported(let layers)) = estimator.estimate(workload) else {
                Issue.record("estimated")
                continue
            }
            #expect(!layers[0].reason.isEmpty)
        }
    }

    @Test("stores without room and memories without a rate are refused")
    func hostile() throws {
        let small = grid(rows: 1, columns: 1, store: 0)
        guard
            case .failure(.unsupported) = try Estimator(device: small, runtime: nil).estimate(
                Self.strip(outputs: 4, taps: 3))
        else {
            Issue.record("estimated")
            return
        }
        var still = grid(rows: 1, columns: 1)
        still.memories[0].bandwidth = .perCycle(thousandthBytes: 0)
        #expect(throws: EstimateRefusal.noRate(device: "grid", what: "a memory bandwidth")) {
            try Estimator(device: still, runtime: nil)
        }
        still.memories = []
        #expect(throws: EstimateRefusal.noRate(device: "grid", what: "a memory bandwidth")) {
            try Estimator(device: still, runtime: nil)
        }
    }

    @Test("layers without products stream past the cells")
    func stream() throws {
        var workload = Self.strip(outputs: 4, taps: 3)
        workload.layers[0].computeClass = .pooling
        workload.layers[0].weights = nil
        let layer = try estimate(grid(rows: 1, columns: 1), workload)
        #expect(layer.cycles[.elementStream] == 10)
        #expect(layer.macs == 0)
    }

    private func estimate(_ device: Device, _ workload: Workload) throws -> LayerEstimate {
        try Estimator(device: device, runtime: nil).estimate(workload).get().layers[0]
    }

    /// One row of outputs under one filter of one row.
    private static func strip(outputs: Int, taps: Int) -> Workload {
        var loops = LoopNest()
        (loops.outputWidth, loops.inputWidth, loops.kernelWidth) = (outputs, outputs + taps - 1, taps)
        return SpatialLayers.workload([("strip", loops, nil)], bits: 8)
    }

    private func grid(rows: Int, columns: Int, store: Int = 64, buffer: Int = 4096, bus: Int = 8) -> Device {
        let unit = EnergyPerBit(attojoules: 1000)
        let array = SpatialArray(
            weightBits: Bits(8), activationBits: Bits(8), accumulatorBits: Bits(32), assumedZeros: 0,
            arrangement: .rowStationary(
                RowStationaryArray(
                    rows: rows, columns: columns, inputStore: Bytes(store), filterStore: Bytes(store),
                    sumStore: Bytes(store), sharedBuffer: Bytes(buffer), filterBuffer: Bytes(buffer),
                    filterBus: Bits(bus), inputBus: Bits(bus), sumBus: Bits(bus), runBits: Bits(0), codeWord: Bits(64),
                    bufferEnergyPerBit: EnergyPerBit(attojoules: 2000), networkEnergyPerBit: unit)))
        var dram = Fixtures.memory("dram", .dram, bytes: 1 << 30, holds: [.weights, .activations], energyPerBit: 10)
        dram.bandwidth = .perCycle(thousandthBytes: 1000)
        var energy = EnergyFacts(perMac: Energy(femtojoules: 1), perLocalAccess: Energy(femtojoules: 1))
        energy.gatesZeros = [.activations]
        return Device(
            name: "grid", summary: "", clock: Frequency(hertz: 1_000_000), machine: .spatialArray(array),
            memories: [dram], caches: [],
            energy: energy, defaultRuntime: nil, arithmetic: [])
    }
}
