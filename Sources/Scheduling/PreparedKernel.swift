public import Hardware
import Quantities
public import Workloads

/// A kernel with the time of each of its pieces on one core, worked out once.
public struct PreparedKernel: Sendable {
    public let kernel: Kernel
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
        self.kernel = kernel
        inner = PieceTime(kernel.inner, on: core)
        perLeftover = PieceTime(kernel.perLeftover ?? .none, on: core)
        perTap = PieceTime(kernel.perTap, on: core)
        perIndexWord = PieceTime(kernel.perIndexWord, on: core)
        perBlock = PieceTime(kernel.perBlock, on: core)
        perOutput = PieceTime(kernel.perOutput, on: core)
        perGathered = PieceTime(kernel.perGathered, on: core)
        perRow = PieceTime(kernel.perRow, on: core)
        perCall = PieceTime(kernel.perCall, on: core)
        missing = kernel.requires.filter { core.costs[$0] == nil }.map(\.rawValue).sorted()
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
        let pieces = [
            (run.iterations, inner), (run.leftovers, perLeftover), (run.indexWords, perIndexWord),
            (run.blocks, perBlock), (run.taps, perTap), (run.rows, perRow), (run.outputs, perOutput),
            (run.gathered, perGathered), (1, perCall),
        ]
        return pieces.reduce(0) { $0 + Double($1.0) * $1.1.instructions }
    }

    /// Why this kernel cannot run a layer, or nil when it can.
    public func objection(to operands: LayerOperands) -> Objection? {
        let layer = operands.layer
        guard kernel.computeClasses.contains(layer.computeClass) else { return .computeClass }
        let moves = layer.computeClass == .dataMovement
        guard moves || kernel.isFloat == layer.isFloat else { return .arithmetic }
        if kernel.pointwiseOnly, layer.loops.kernelHeight * layer.loops.kernelWidth != 1 { return .window }
        if !layer.isFloat {
            for tensor in operands.inputs where !tensor.isFloat && !kernel.activationBits.contains(tensor.elementBits) {
                return .activationBits(tensor.elementBits)
            }
        }
        if let weights = layer.weights, layer.computeClass.multipliesWeights {
            guard kernel.weightForms.contains(weights.form) else { return .weightForm(weights.form) }
            guard layer.isFloat || kernel.weightBits.contains(weights.elementBits) else {
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

extension WeightFootprint {
    /// The form in which kernels know these weights.
    public var form: Kernel.WeightForm {
        switch storage {
        case .dense: isBipolar ? .bipolar : .dense
        case .bitmap: .bitmap
        case .relativeIndex: .relativeIndex
        }
    }
}
