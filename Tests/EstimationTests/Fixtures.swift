import FixedPoint
import Hardware
import Quantities
import Tensors
import Workloads

/// Small devices, kernels and layers whose costs can be worked out by hand.
enum Fixtures {
    static func memory(
        _ name: String, _ kind: Memory.Kind, bytes: Int, holds: Set<Content>, waits: Int = 0, line: Int = 4,
        energyPerBit: Int? = nil
    ) -> Memory {
        let energy = energyPerBit.map { EnergyPerBit(attojoules: $0 * 1000) }
        return Memory(
            name: name, kind: kind, size: Bytes(bytes), holds: holds, busWidth: Bits(32), waitStates: waits,
            lineSize: Bytes(line), prefetch: false, bandwidth: nil, readEnergyPerBit: energy, writeEnergyPerBit: energy)
    }

    /// A core on which every instruction takes one cycle.
    static func core(issueWidth: Int = 1, pipeline: Core.Pipeline = .inOrder, lacks: Set<InstructionClass> = []) -> Core
    {
        let costs = InstructionClass.allCases.filter { !lacks.contains($0) }.map { ($0, CycleCost(1)) }
        return Core(
            name: "unit core", architecture: "none", pipeline: pipeline, count: 1, issueWidth: issueWidth,
            memoryPorts: issueWidth, multiplyUnits: issueWidth, vectorWidth: Bits(0),
            costs: Dictionary(uniqueKeysWithValues: costs))
    }

    static func device(
        _ machine: Machine, flash: Int = 1 << 20, ram: Int = 1 << 20, waits: Int = 0, line: Int = 4,
        caches: [Cache] = [], energy: EnergyFacts = EnergyFacts()
    ) -> Device {
        Device(
            name: "bench", summary: "", clock: Frequency(hertz: 1_000_000), machine: machine,
            memories: [
                memory("flash", .flash, bytes: flash, holds: [.code, .weights], waits: waits, line: line),
                memory("ram", .sram, bytes: ram, holds: [.activations]),
            ], caches: caches, energy: energy, defaultRuntime: nil, arithmetic: [])
    }

    static func mix(_ counts: [InstructionClass: Int]) -> InstructionMix {
        InstructionMix(thousandths: counts.mapValues { $0 * 1000 })
    }

    /// One multiplication a product, one operation an output, nothing else.
    static func kernel(
        _ name: String = "products", classes: Set<ComputeClass> = [.convolution, .depthwise, .fullyConnected],
        weightBits: ClosedRange<Int> = 1...8, activationBits: ClosedRange<Int> = 1...8, isFloat: Bool = false,
        forms: Set<Kernel.WeightForm> = [.dense], block: Kernel.Block = .init(pixels: 1, channels: 1), step: Int = 1,
        inner: [InstructionClass: Int] = [.multiplyAccumulate: 1],
        perOutput: [InstructionClass: Int] = [.arithmetic: 1],
        perCall: [InstructionClass: Int] = [:], skipsZeros: Bool = false
    ) -> Kernel {
        Kernel(
            name: name, computeClasses: classes, pointwiseOnly: false, weightBits: weightBits,
            activationBits: activationBits, isFloat: isFloat, weightForms: forms, method: .direct, gatheredBits: 8,
            gatheredPatches: 0, block: block, step: step, inner: mix(inner), perBlock: .none,
            perOutput: mix(perOutput), perGathered: .none, perRow: .none, perCall: mix(perCall),
            skipsZeroWeights: skipsZeros, codeSize: Bytes(100))
    }

    static func runtime(_ kernels: [Kernel]) -> RuntimeLibrary {
        RuntimeLibrary(
            name: "bench runtime", version: "1", summary: "", kernels: kernels, perLayer: .none, perInference: .none,
            codeSize: Bytes(0), fixedRAM: Bytes(0), perLayerRAM: Bytes(0), perLayerFlash: Bytes(0),
            alignment: Bytes(4))
    }

    static func weights(
        _ elements: Int, bits: Int = 8, nonzero: Int? = nil, storage: WeightFootprint.Storage = .dense
    ) -> WeightFootprint {
        let stored = storage == .dense ? elements : nonzero ?? elements
        return WeightFootprint(
            elements: elements, nonzeroElements: nonzero ?? elements, elementBits: bits, isBipolar: bits == 1,
            storage: storage, zeroStructure: .element, storedEntries: stored,
            encodedSize: Bits(stored * bits + (storage == .bitmap ? elements : 0)), parameterSize: Bits(0))
    }

    /// A workload of one convolution without padding.
    static func convolution(
        size: Int, channels: Int, kernel: Int, filters: Int, weights: WeightFootprint? = nil, activationBits: Int = 8,
        groups: Int = 1
    ) -> Workload {
        let extent = size - kernel + 1
        var loops = LoopNest()
        loops.groups = groups
        loops.outputChannels = filters / groups
        loops.inputChannels = channels / groups
        (loops.outputHeight, loops.outputWidth) = (extent, extent)
        (loops.kernelHeight, loops.kernelWidth) = (kernel, kernel)
        (loops.inputHeight, loops.inputWidth) = (size, size)
        let footprint = weights ?? Fixtures.weights(filters * channels / groups * kernel * kernel)
        let layer = WorkloadLayer(
            name: "conv", operatorName: "convolution2D", computeClass: .convolution, loops: loops, weights: footprint,
            inputs: [0], outputs: [1], accumulator: .int32, isFloat: false)
        let tensors = [
            TensorFootprint(
                name: "in", shape: [1, size, size, channels], elementBits: activationBits, isFloat: false,
                producer: nil, consumers: [0], isOutput: false),
            TensorFootprint(
                name: "out", shape: [1, extent, extent, filters], elementBits: activationBits, isFloat: false,
                producer: 0, consumers: [], isOutput: true),
        ]
        return Workload(name: "bench", layers: [layer], tensors: tensors)
    }
}
