import Diagnostics
public import Tensors

/// Kernels that keep the places of one of a few patterns: the parts `dictionary`, a bit for each pattern and place of a kernel,
/// `patterns`, the pattern of each kernel, and `weights`, the elements that stay in the order of the tensor.
///
/// The tensor is `outputs x height x width x inputs`. Weights of 32 bits are reals, narrower ones integers in two's complement.
public struct PatternedKernels: CompositionForm {
    /// All kernels of one input channel have the same pattern.
    public var sharesInputs: Bool

    public init(sharesInputs: Bool) {
        self.sharesInputs = sharesInputs
    }

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (kept, weights) = (try kept(of: composition, shape: shape), try composition.part("weights").numbers)
        guard kept.count == weights.count else { throw Diagnostic("\(weights.count) weights for \(kept.count) places") }
        var elements = [Float](repeating: 0, count: shape.elementCount)
        for (element, weight) in zip(kept, weights) { elements[element] = weight }
        return elements
    }

    public func numbers(of composition: WeightComposition, shape: Shape, axis: Int?) throws -> StoredNumbers? {
        let channels = ChannelIndexing(shape, axis: axis)
        return StoredNumbers(
            "weights", channels: try kept(of: composition, shape: shape).map { channels.channel(of: $0) })
    }

    /// The elements that their patterns keep, ascending.
    private func kept(of composition: WeightComposition, shape: Shape) throws -> [Int] {
        guard shape.rank == 4 else { throw Diagnostic("kernels with patterns in weights of \(shape)") }
        let (dictionary, patterns) = (
            try composition.part("dictionary").patterns, try composition.part("patterns").patterns
        )
        let (places, inputs) = (shape[1] * shape[2], shape[3])
        guard patterns.count == (sharesInputs ? inputs : shape[0] * inputs) else {
            throw Diagnostic("\(patterns.count) patterns for kernels of \(shape)")
        }
        guard patterns.allSatisfy({ (Int($0) + 1) * places <= dictionary.count }) else {
            throw Diagnostic("a pattern that the dictionary lacks")
        }
        return (0..<shape.elementCount).filter { element in
            let (output, place, input) = (
                element / (places * inputs), element / inputs % places, element % inputs
            )
            let pattern = Int(patterns[sharesInputs ? input : output * inputs + input])
            return dictionary[pattern * places + place] == 1
        }
    }

    /// The composition of the weights of a convolution.
    ///
    /// - Parameters:
    ///   - dictionary: for each pattern, which places of a kernel it keeps.
    ///   - patterns: the pattern of each input channel, or of each kernel, outputs outermost.
    /// - Returns: nil for weights that are not zero where their pattern has none, or of which some are stored off zero.
    static func composition(
        of tensor: Tensor, symbols: WeightSymbols, dictionary: [[Bool]], patterns: [Int], sharesInputs: Bool
    ) -> WeightComposition? {
        let (places, inputs) = (tensor.shape[1] * tensor.shape[2], tensor.shape[3])
        var kept: [UInt32] = []
        for (element, symbol) in symbols.patterns.enumerated() {
            let kernel = sharesInputs ? element % inputs : element / (places * inputs) * inputs + element % inputs
            if dictionary[patterns[kernel]][element / inputs % places] { kept.append(symbol) }
        }
        let width = Int.bitWidth - (dictionary.count - 1).leadingZeroBitCount
        let composition = WeightComposition(
            .patternedKernels(PatternedKernels(sharesInputs: sharesInputs)),
            parts: [
                StoredPart("dictionary", patterns: dictionary.joined().map { $0 ? 1 : 0 }, width: 1),
                StoredPart("patterns", patterns: patterns.map { UInt32($0) }, width: width),
                StoredPart("weights", patterns: kept, width: symbols.width),
            ])
        return composition.composes(tensor) ? composition : nil
    }
}
