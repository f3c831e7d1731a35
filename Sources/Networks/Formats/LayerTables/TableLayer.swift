import Quantities
import Tensors
public import Workloads

/// One row of a table of layers: shapes, widths and densities, without weights.
public struct TableLayer: Sendable, Hashable {
    public var name: String
    public var computeClass: ComputeClass
    /// The loops; also for a class without products, whose extents give the shapes of its tensors.
    public var loops: LoopNest
    /// nil for a layer without weights.
    public var weightBits: Int?
    /// Width of what it reads; what it writes has the width that its reader states, or its own.
    public var activationBits = 8
    /// `true` when it computes in float.
    public var isFloat = false
    /// Output channels whose weights are all zero.
    public var deadOutputs = 0
    /// Fraction of weights that is not zero, 0...1; below 1 they are stored behind relative indices of 4 bits.
    public var weightDensity: Double?
    /// Fraction of activations read that is not zero, 0...1; nil when unknown.
    public var activationDensity: Double?

    public init(_ name: String, _ computeClass: ComputeClass, _ loops: LoopNest) {
        self.name = name
        self.computeClass = computeClass
        self.loops = loops
    }

    var inputChannels: Int { loops.groups * loops.inputChannels }

    var outputChannels: Int { loops.groups * loops.outputChannels }

    /// The constant operand: dense with the dead filters zero, or with a density of its own.
    var weights: WeightFootprint? {
        guard let bits = weightBits else { return nil }
        let elements = outputChannels * loops.reductionLength
        let dead = min(outputChannels, deadOutputs) * loops.reductionLength
        let scales = computeClass == .fullyConnected ? 1 : outputChannels
        var weights = WeightFootprint(
            elements: elements, nonzeroElements: elements - dead, elementBits: bits, isBipolar: bits == 1,
            storage: .dense, zeroStructure: dead > 0 ? .filter : .element, storedEntries: elements,
            encodedSize: Bits(elements * bits), parameterSize: Bits(outputChannels * 32 + scales * (32 + 8)))
        if let density = weightDensity, density < 1 {
            let kept = Int((Double(elements) * density).rounded())
            weights.nonzeroElements = min(elements - dead, kept)
            weights.storedEntries = kept
            weights.storage = .relativeIndex
            weights.encodedSize = Bits(kept * (bits + 4))
        }
        return weights
    }

    /// The loops as lowering gives them: classes without a window run over their elements.
    var loweredLoops: LoopNest {
        switch computeClass {
        case .convolution, .depthwise, .fullyConnected, .pooling:
            return loops
        case .elementwise, .transcendental, .dataMovement, .free:
            var flat = LoopNest()
            flat.outputChannels = loops.outputElements
            if computeClass == .transcendental { flat.inputChannels = outputChannels }
            return flat
        }
    }

    /// `true` when a tensor or the weights would have more elements than a tensor may.
    var isTooLarge: Bool {
        [
            [loops.batch, loops.groups, loops.outputChannels, loops.outputHeight, loops.outputWidth],
            [loops.batch, loops.groups, loops.inputChannels, loops.inputHeight, loops.inputWidth],
            [loops.groups, loops.outputChannels, loops.inputChannels, loops.kernelHeight, loops.kernelWidth],
        ].contains { Shape(checking: $0) == nil }
    }
}
