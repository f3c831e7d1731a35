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
        guard shape.rank == 4 else { throw Diagnostic("kernels with patterns in weights of \(shape)") }
        let (dictionary, patterns) = (
            try composition.part("dictionary").patterns, try composition.part("patterns").patterns
        )
        let weights = try composition.part("weights")
        let (places, inputs) = (shape[1] * shape[2], shape[3])
        guard patterns.count == (sharesInputs ? inputs : shape[0] * inputs) else {
            throw Diagnostic("\(patterns.count) patterns for kernels of \(shape)")
        }
        guard patterns.allSatisfy({ (Int($0) + 1) * places <= dictionary.count }) else {
            throw Diagnostic("a pattern that the dictionary lacks")
        }
        var (next, elements) = (0, [Float](repeating: 0, count: shape.elementCount))
        for element in elements.indices {
            let (output, place, input) = (
                element / (places * inputs), element / inputs % places, element % inputs
            )
            let pattern = Int(patterns[sharesInputs ? input : output * inputs + input])
            guard dictionary[pattern * places + place] == 1 else { continue }
            guard next < weights.patterns.count else { throw Diagnostic("the weights end early") }
            elements[element] = weights.number(at: next)
            next += 1
        }
        guard next == weights.patterns.count else { throw Diagnostic("weights behind the last kernel") }
        return elements
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

extension StoredPart {
    /// A pattern as a real, or as an integer in two's complement when it is narrower than one.
    fileprivate func number(at place: Int) -> Float {
        guard width < 32 else { return Float(bitPattern: patterns[place]) }
        let unused = UInt32(32 - width)
        return Float(Int32(bitPattern: patterns[place] << unused) >> Int32(unused))
    }
}
