public import Hardware
import Quantities
public import Workloads

/// A kernel with the time of each of its pieces on one core, worked out once.
public struct PreparedKernel: Sendable {
    public let name: String
    public let codeBytes: Int
    public let loops: KernelLoops
    public let inner: PieceTime
    public let perLeftover: PieceTime
    public let perTap: PieceTime
    public let perIndexWord: PieceTime
    public let perBlock: PieceTime
    public let perOutput: PieceTime
    public let perGathered: PieceTime
    public let perRow: PieceTime
    public let perCall: PieceTime
    /// Classes that the kernel needs and the core lacks, by name; empty for a kernel that can run.
    public let missing: [String]

    public init(_ kernel: Kernel, on core: Core) {
        name = kernel.name
        codeBytes = kernel.codeSize.count
        loops = KernelLoops(kernel)
        inner = PieceTime(kernel.inner, on: core)
        perLeftover = PieceTime(kernel.perLeftover ?? .none, on: core)
        perTap = PieceTime(kernel.perTap, on: core)
        perIndexWord = PieceTime(kernel.perIndexWord, on: core)
        perBlock = PieceTime(kernel.perBlock, on: core)
        perOutput = PieceTime(kernel.perOutput, on: core)
        perGathered = PieceTime(kernel.perGathered, on: core)
        perRow = PieceTime(kernel.perRow, on: core)
        perCall = PieceTime(kernel.perCall, on: core)
        let isForCore = kernel.architectures.isEmpty || kernel.architectures.contains(core.architecture)
        let lacking = kernel.requires.filter { core.costs[$0] == nil }.map(\.rawValue).sorted()
        missing = isForCore ? lacking : kernel.architectures + lacking
    }

    /// Issue cycles of a whole run, without memory stalls.
    public func issueCycles(_ run: KernelRun) -> Double {
        let products =
            Double(run.iterations) * inner.total + Double(run.leftovers) * perLeftover.total
            + Double(run.indexWords) * perIndexWord.total
        let loops =
            Double(run.blocks) * perBlock.total + Double(run.taps) * perTap.total + Double(run.rows) * perRow.total
        let elements = Double(run.outputs) * perOutput.total + Double(run.gathered) * perGathered.total
        return products + loops + elements + perCall.total
    }

    /// Instructions of a whole run.
    public func instructions(_ run: KernelRun) -> Double {
        let products =
            Double(run.iterations) * inner.instructions + Double(run.leftovers) * perLeftover.instructions
            + Double(run.indexWords) * perIndexWord.instructions
        let loops =
            Double(run.blocks) * perBlock.instructions + Double(run.taps) * perTap.instructions
            + Double(run.rows) * perRow.instructions
        let elements = Double(run.outputs) * perOutput.instructions + Double(run.gathered) * perGathered.instructions
        return products + loops + elements + perCall.instructions
    }

    /// Why this kernel cannot run a layer, or nil when it can.
    public func objection(to operands: LayerOperands) -> Objection? {
        let layer = operands.layer
        guard loops.accepts(layer.computeClass) else { return .computeClass }
        guard layer.computeClass == .dataMovement || loops.isFloat == layer.isFloat else { return .arithmetic }
        if loops.pointwiseOnly, layer.loops.kernelHeight * layer.loops.kernelWidth != 1 { return .window }
        if loops.tile > 0, !layer.loops.hasTransform { return .window }
        if !layer.isFloat {
            for tensor in operands.inputs where !tensor.isFloat && !loops.activationBits.contains(tensor.elementBits) {
                return .activationBits(tensor.elementBits)
            }
        }
        if layer.computeClass.multipliesWeights, let weights = layer.weights {
            guard loops.accepts(weights.form) else { return .weightForm(weights.form) }
            guard layer.isFloat || loops.weightBits.contains(weights.elementBits) else {
                return .weightBits(weights.elementBits)
            }
        }
        return missing.isEmpty ? nil : .instructions(missing)
    }

    /// What a kernel lacks for a layer, from the most general to the most particular.
    public enum Objection: Sendable, Hashable {
        case computeClass
        case arithmetic
        case window
        case weightForm(Kernel.WeightForm)
        case activationBits(Int)
        case weightBits(Int)
        case instructions([String])

        /// How near the kernel came to running the layer.
        var rank: Int {
            switch self {
            case .computeClass: 0
            case .arithmetic: 1
            case .window: 2
            case .weightForm: 3
            case .activationBits: 4
            case .weightBits: 5
            case .instructions: 6
            }
        }
    }
}

extension ComputeClass {
    /// Whether the class has a constant operand that takes part in products.
    public var multipliesWeights: Bool {
        switch self {
        case .convolution, .depthwise, .fullyConnected: true
        case .pooling, .elementwise, .transcendental, .dataMovement, .free: false
        }
    }
}

extension LoopNest {
    /// Whether a Winograd transform computes this window: 3x3, stride and dilation 1.
    fileprivate var hasTransform: Bool {
        kernelHeight == 3 && kernelWidth == 3 && strideHeight == 1 && strideWidth == 1 && dilationHeight == 1
            && dilationWidth == 1
    }
}

extension WeightFootprint {
    /// The form in which kernels know these weights.
    public var form: Kernel.WeightForm {
        switch storage {
        case .dense: isBipolar ? .bipolar : .dense
        case .bitmap: .bitmap
        case .relativeIndex: .relativeIndex
        case .neighbours: .neighbours
        case .composed: .codebook
        }
    }
}
