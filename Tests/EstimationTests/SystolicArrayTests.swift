import Estimation
import FixedPoint
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Systolic array")
struct SystolicArrayTests {
    private func device(
        _ dataflow: SystolicArray.Dataflow, buffer: Int = 1 << 16, bytesPerCycle: Int = 1000, bits: Int = 8
    ) -> Device {
        let array = SystolicArray(
            rows: 8, columns: 8, dataflow: dataflow, weightBits: Bits(bits), activationBits: Bits(bits),
            accumulatorBits: Bits(32), doubleBuffered: true, ifmapBuffer: Bytes(buffer), filterBuffer: Bytes(buffer),
            ofmapBuffer: Bytes(buffer), memoryBandwidth: .perCycle(thousandthBytes: bytesPerCycle * 1000),
            memoryLatency: 0, burst: Bytes(1))
        let buffers = ["ifmap", "filter", "ofmap"].map {
            Fixtures.memory($0, .buffer, bytes: buffer, holds: [], energyPerBit: 2)
        }
        let dram = Fixtures.memory(
            "dram", .dram, bytes: 1 << 24, holds: [.weights, .activations], energyPerBit: 100)
        return Device(
            name: "array", summary: "", clock: Frequency(hertz: 1_000_000), machine: .systolicArray(array),
            memories: buffers + [dram], caches: [], energy: EnergyFacts(perMac: Energy(femtojoules: 10)),
            defaultRuntime: nil, arithmetic: [])
    }

    private let workload = Fixtures.convolution(size: 18, channels: 16, kernel: 3, filters: 32)

    private func estimate(_ device: Device, _ workload: Workload) throws -> LayerEstimate {
        try Estimator(device: device, runtime: nil).estimate(workload).get().layers[0]
    }

    @Test("compute cycles are the closed form; ample memory adds only the first fill and the last drain")
    func compute() throws {
        // 256 pixels, window 144, 32 filters on 8x8.
        let expected: [SystolicArray.Dataflow: Int] = [
            .outputStationary: 32 * 4 * (144 + 14) - 1, .weightStationary: 18 * 4 * (256 + 22) - 1,
            .inputStationary: 18 * 32 * (32 + 22) - 1,
        ]
        for (dataflow, cycles) in expected {
            let layer = try estimate(device(dataflow, bytesPerCycle: 1_000_000), workload)
            #expect(layer.cycles[.compute] == cycles)
            #expect(layer.cycles[.memoryBandwidth] <= 2)
            #expect(layer.utilization == 1_179_648 / (64 * Double(layer.cycles.total)))
        }
    }

    @Test("smaller buffers and narrower ports never make it faster, and really change traffic")
    func buffers() throws {
        for dataflow in SystolicArray.Dataflow.allCases {
            var last = 0
            var energies: [Int] = []
            for buffer in [1 << 16, 1 << 12, 1 << 10, 1 << 8] {
                let layer = try estimate(device(dataflow, buffer: buffer, bytesPerCycle: 1), workload)
                #expect(layer.cycles.total >= last)
                last = layer.cycles.total
                energies.append(layer.energy?.dramFemtojoules ?? 0)
            }
            #expect(energies == energies.sorted())
            #expect(energies[3] > energies[0])
        }
    }

    @Test("with buffers that hold everything each operand moves once")
    func leastTraffic() throws {
        let layer = try estimate(device(.outputStationary), workload)
        let bytes = 18 * 18 * 16 + 32 * 144 + 256 * 32
        let moved = (layer.energy?.dramFemtojoules ?? 0) / 800
        #expect(moved >= bytes && moved <= bytes + 200)
    }

    @Test("fewer bits move fewer bytes; wider operands than the cells take are refused")
    func bits() throws {
        let narrow = Fixtures.convolution(
            size: 18, channels: 16, kernel: 3, filters: 32, weights: Fixtures.weights(4608, bits: 4),
            activationBits: 4)
        let wide = try estimate(device(.weightStationary, bytesPerCycle: 1), workload)
        let half = try estimate(device(.weightStationary, bytesPerCycle: 1), narrow)
        #expect(half.cycles[.compute] == wide.cycles[.compute])
        #expect(half.cycles[.memoryBandwidth] < wide.cycles[.memoryBandwidth])
        let refused = try Estimator(device: device(.weightStationary, bits: 4), runtime: nil).estimate(workload)
        guard case .failure(.unsupported(let layers)) = refused else {
            Issue.record("no refusal")
            return
        }
        #expect(layers[0].reason == "the array multiplies activations of at most 4 bits")
    }

    @Test("what passes the port is drawn from the memory behind the buffers, however small the network")
    func memoryBehindBuffers() throws {
        let bare = device(.outputStationary)
        var listed = bare
        listed.memories = bare.memories.map { memory in
            var memory = memory
            if memory.kind == .buffer { memory.holds = [.weights, .activations] }
            return memory
        }
        let layer = try estimate(listed, workload)
        #expect(layer == (try estimate(bare, workload)))
        #expect((layer.energy?.dramFemtojoules ?? 0) > 0)
    }

    @Test("sums wider than the cells hold are refused")
    func accumulators() throws {
        var wide = workload
        wide.layers[0].accumulator = Accumulator(bits: 40, overflow: .wrap)
        guard
            case .failure(.unsupported(let layers)) = try Estimator(
                device: device(.weightStationary), runtime: nil
            ).estimate(wide)
        else {
            Issue.record("no refusal")
            return
        }
        #expect(layers[0].reason == "the array sums in 32 bits, and the layer in 40")
    }

    @Test("energies and times that no integer holds are refused, not wrapped")
    func beyondMeasure() throws {
        var hot = device(.weightStationary)
        hot.energy = EnergyFacts(perMac: Energy(femtojoules: 1 << 50))
        var slow = device(.weightStationary, bytesPerCycle: 1)
        slow.clock = Frequency(hertz: 1_000_000_000_000_000)
        if case .systolicArray(var array) = slow.machine {
            array.memoryBandwidth = .perSecond(bytes: 1)
            slow.machine = .systolicArray(array)
        }
        for extreme in [hot, slow] {
            guard case .failure(.beyondMeasure) = try Estimator(device: extreme, runtime: nil).estimate(workload)
            else {
                Issue.record("no refusal")
                continue
            }
        }
    }

    @Test("an operand that its buffer does not hold is fetched again for each fold of the other, by hand")
    func fetchedAgain() throws {
        // 64 pixels of 16 channels, 64 filters: 8 x 8 folds of 128-byte tiles, 4,096 bytes of outputs.
        let square = Fixtures.convolution(size: 8, channels: 16, kernel: 1, filters: 64)
        func bytes(_ buffer: Int) throws -> Int {
            try (estimate(device(.outputStationary, buffer: buffer), square).energy?.dramFemtojoules ?? 0) / 800
        }
        #expect(try bytes(2048) == 1024 + 1024 + 4096)
        #expect(try bytes(512) == 1024 + 8 * 1024 + 4096)
    }

    @Test("padding is multiplied, not fetched")
    func padding() throws {
        let padded = LaneLayers.convolution(size: 16, channels: 16, kernel: 3, filters: 32)
        let whole = try estimate(device(.outputStationary), workload)
        let layer = try estimate(device(.outputStationary), padded)
        #expect(layer.cycles[.compute] == whole.cycles[.compute] && layer.macs == whole.macs)
        let saved = (whole.energy?.dramFemtojoules ?? 0) - (layer.energy?.dramFemtojoules ?? 0)
        #expect(saved == (18 * 18 - 16 * 16) * 16 * 800)
    }

    @Test("a depthwise layer folds each channel alone; pooling and sums stream every operand once")
    func otherClasses() throws {
        let depthwise = LaneLayers.convolution(size: 16, channels: 24, kernel: 3, filters: 24, groups: 24)
        // 32 folds of 9 + 14 cycles for each channel.
        #expect(try estimate(device(.outputStationary), depthwise).cycles[.compute] == 24 * (32 * 23 - 1))
        var pooling = LaneLayers.convolution(size: 16, channels: 16, kernel: 3, filters: 32)
        pooling.layers[0].computeClass = .pooling
        pooling.layers[0].weights = nil
        let pooled = try estimate(device(.outputStationary), pooling)
        #expect(pooled.cycles[.elementStream] == (16 * 16 * (16 + 32)) / 8)
        #expect(pooled.macs == 0 && (pooled.energy?.dramFemtojoules ?? 0) == 16 * 16 * (16 + 32) * 800)
        var sum = pooling
        sum.layers[0].computeClass = .elementwise
        sum.layers[0].inputs = [0, 0]
        #expect(try estimate(device(.outputStationary), sum).cycles[.elementStream] == (16 * 16 * (32 + 32)) / 8)
    }
}
