import FixedPoint
import Hardware
import Quantities
import Tensors
import Workloads

/// Layers and devices for machines that skip zeros or multiply bit by bit.
enum LaneLayers {
    /// A matrix and vectors: `pixels` products of `outputs` x `inputs`.
    static func matrix(
        outputs: Int, inputs: Int, pixels: Int = 1, weightBits: Int = 8, activationBits: Int = 8,
        weightDensity: Double = 1, activationDensity: Double? = nil, nonzeros: NonzeroStructure? = nil
    ) -> Workload {
        let elements = outputs * inputs
        var weights = Fixtures.weights(
            elements, bits: weightBits, nonzero: Int((Double(elements) * weightDensity).rounded()),
            storage: weightDensity < 1 ? .relativeIndex : .dense)
        weights.nonzeros = nonzeros
        if let nonzeros { weights.nonzeroElements = nonzeros.perOutput.reduce(0, +) }
        var loops = LoopNest()
        (loops.outputChannels, loops.inputChannels) = (outputs, inputs)
        (loops.outputHeight, loops.inputHeight) = (pixels, pixels)
        return workload(
            loops, pixels == 1 ? .fullyConnected : .convolution, weights, activationBits, activationDensity)
    }

    /// A convolution with padding that keeps the extents.
    static func convolution(
        size: Int, channels: Int, kernel: Int, filters: Int, bits: Int = 8, groups: Int = 1,
        weightDensity: Double = 1, activationDensity: Double? = nil
    ) -> Workload {
        var loops = LoopNest()
        loops.groups = groups
        (loops.outputChannels, loops.inputChannels) = (filters / groups, channels / groups)
        (loops.outputHeight, loops.outputWidth, loops.inputHeight, loops.inputWidth) = (size, size, size, size)
        (loops.kernelHeight, loops.kernelWidth) = (kernel, kernel)
        (loops.paddingTop, loops.paddingLeft) = (kernel / 2, kernel / 2)
        let elements = filters * channels / groups * kernel * kernel
        let weights = Fixtures.weights(
            elements, bits: bits, nonzero: Int((Double(elements) * weightDensity).rounded()))
        let isDepthwise = groups > 1 && groups == channels
        return workload(loops, isDepthwise ? .depthwise : .convolution, weights, bits, activationDensity)
    }

    static func workload(
        _ loops: LoopNest, _ computeClass: ComputeClass, _ weights: WeightFootprint, _ activationBits: Int,
        _ activationDensity: Double?
    ) -> Workload {
        let layer = WorkloadLayer(
            name: "layer", operatorName: "layer", computeClass: computeClass, loops: loops, weights: weights,
            inputs: [0], outputs: [1], accumulator: .int32, isFloat: false,
            activationZeros: activationDensity.map { MeasuredFraction(value: 1 - $0, origin: .assumed) })
        func tensor(_ name: String, _ shape: Shape, _ producer: Int?) -> TensorFootprint {
            TensorFootprint(
                name: name, shape: shape, elementBits: activationBits, isFloat: false, producer: producer,
                consumers: producer == nil ? [0] : [], isOutput: producer != nil)
        }
        let input: Shape = [
            loops.batch, loops.inputHeight, loops.inputWidth, loops.inputChannels * loops.groups,
        ]
        let output: Shape = [
            loops.batch, loops.outputHeight, loops.outputWidth, loops.outputChannels * loops.groups,
        ]
        return Workload(
            name: "bench", layers: [layer], tensors: [tensor("in", input, nil), tensor("out", output, 0)])
    }

    /// An array on one chip with its memories, or before a memory of so many bytes each cycle.
    static func device(_ machine: Machine, bytesPerCycle: Int? = nil, energy: EnergyFacts = EnergyFacts()) -> Device {
        var memory = Fixtures.memory(
            "memory", bytesPerCycle == nil ? .sram : .dram, bytes: 1 << 40, holds: [.weights, .activations])
        memory.bandwidth = bytesPerCycle.map { .perCycle(thousandthBytes: $0 * 1000) }
        return Device(
            name: "lanes", summary: "", clock: Frequency(hertz: 1_000_000), machine: machine, memories: [memory],
            caches: [], energy: energy, defaultRuntime: nil, arithmetic: [])
    }

    static func sparse(
        _ skipping: SparseArray.Skipping, rows: Int = 1, columns: Int = 64, activationLanes: Int = 1,
        weightLanes: Int = 1, queueDepth: Int = 8, bits: Int = 16, blockSize: Int = 4, blockNonzeros: Int = 2
    ) -> SparseArray {
        SparseArray(
            skipping: skipping, rows: rows, columns: columns, activationLanes: activationLanes,
            weightLanes: weightLanes, queueDepth: queueDepth, indexBits: Bits(4), blockSize: blockSize,
            blockNonzeros: blockNonzeros, accumulators: 1024, accumulatorBanks: 32, weightBits: Bits(bits),
            activationBits: Bits(bits), accumulatorBits: Bits(32), weightBuffer: Bytes(0), activationBuffer: Bytes(0))
    }

    static func bitSerial(
        rows: Int = 8, columns: Int = 8, lanes: Int = 16, weightDigit: Int = 1, activationDigit: Int = 1,
        bricks: Int = 1, rounds: Bool = false, zeroBits: BitSerialArray.ZeroBits = .counted, synchronized: Int = 1,
        latency: Int = 0, bits: Int = 16, buffer: Int = 0
    ) -> BitSerialArray {
        BitSerialArray(
            rows: rows, columns: columns, lanes: lanes, signLanes: lanes, weightDigit: Bits(weightDigit),
            activationDigit: Bits(activationDigit), bricks: bricks, roundsWidths: rounds, zeroBits: zeroBits,
            synchronizedProducts: synchronized, latency: latency, weightBits: Bits(bits), activationBits: Bits(bits),
            accumulatorBits: Bits(32), weightBuffer: Bytes(buffer), activationBuffer: Bytes(buffer))
    }
}

/// Seeded random bits.
struct Draws {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// A number in 0..<1.
    mutating func next() -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(state >> 11) / Double(1 << 53)
    }
}
