import Diagnostics
public import Tensors

/// Kernels that keep the places of one of a few patterns: the parts `dictionary`, a bit for each pattern and place of a kernel,
/// `patterns`, the pattern of each kernel or input channel, and `weights`, the elements that stay in the order of the tensor.
///
/// The tensor is `outputs x height x width x inputs of a group`, or `1 x height x width x outputs` of a depthwise layer. Kernels
/// are numbered along its last axis, then its first. Weights of 32 bits are reals, narrower ones integers in two's complement.
public struct PatternedKernels: CompositionForm {
    /// All kernels that read one input channel have the same pattern.
    public var sharesInputs: Bool
    /// Independent groups of channels; as many as input channels in a depthwise layer.
    public var groups: Int
    /// Kernels of one input channel each lie along the last axis.
    public var isDepthwise: Bool

    public init(sharesInputs: Bool = false, groups: Int = 1, isDepthwise: Bool = false) {
        (self.sharesInputs, self.groups, self.isDepthwise) = (sharesInputs, groups, isDepthwise)
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
        guard shape.rank == 4, suits(shape) else { throw Diagnostic("kernels with patterns in weights of \(shape)") }
        let (dictionary, patterns) = (
            try composition.part("dictionary").patterns, try composition.part("patterns").patterns
        )
        let (places, inputs) = (shape[1] * shape[2], shape[3])
        guard patterns.count == patternCount(of: shape) else {
            throw Diagnostic("\(patterns.count) patterns for kernels of \(shape)")
        }
        guard patterns.allSatisfy({ (Int($0) + 1) * places <= dictionary.count }) else {
            throw Diagnostic("a pattern that the dictionary lacks")
        }
        return (0..<shape.elementCount).filter { element in
            let pattern = Int(patterns[pattern(ofElement: element, shape: shape)])
            return dictionary[pattern * places + element / inputs % places] == 1
        }
    }

    /// The composition of the weights of a convolution.
    ///
    /// - Parameters:
    ///   - dictionary: for each pattern, which places of a kernel it keeps.
    ///   - patterns: the pattern of each kernel, or of each input channel if these share it.
    /// - Returns: nil for weights that are not zero where their pattern has none, or of which some are stored off zero.
    func composition(
        of tensor: Tensor, symbols: WeightSymbols, dictionary: [[Bool]], patterns: [Int]
    ) -> WeightComposition? {
        let (places, inputs) = (tensor.shape[1] * tensor.shape[2], tensor.shape[3])
        var kept: [UInt32] = []
        for (element, symbol) in symbols.patterns.enumerated() {
            let pattern = patterns[pattern(ofElement: element, shape: tensor.shape)]
            if dictionary[pattern][element / inputs % places] { kept.append(symbol) }
        }
        let width = SymbolTable.placeBits(dictionary.count)
        let composition = WeightComposition(
            .patternedKernels(self),
            parts: [
                StoredPart("dictionary", patterns: dictionary.joined().map { $0 ? 1 : 0 }, width: 1),
                StoredPart("patterns", patterns: patterns.map { UInt32($0) }, width: width),
                StoredPart("weights", patterns: kept, width: symbols.width),
            ])
        return composition.composes(tensor) ? composition : nil
    }
}

extension PatternedKernels {
    /// Input channels of a group.
    func depth(of shape: Shape) -> Int { isDepthwise ? 1 : shape[3] }

    /// Patterns of weights of this shape: as many as input channels, or as kernels.
    func patternCount(of shape: Shape) -> Int { sharesInputs ? groups * depth(of: shape) : shape[0] * shape[3] }

    /// The place of a kernel's pattern: that of the input channel that it reads, or its own.
    func pattern(ofKernel kernel: Int, shape: Shape) -> Int {
        guard sharesInputs else { return kernel }
        let depth = depth(of: shape)
        return kernel / (shape[0] * shape[3] / groups) * depth + kernel % depth
    }

    func pattern(ofElement element: Int, shape: Shape) -> Int {
        let (places, inputs) = (shape[1] * shape[2], shape[3])
        return pattern(ofKernel: element / (places * inputs) * inputs + element % inputs, shape: shape)
    }

    /// Whether kernels of this shape fall into the groups.
    private func suits(_ shape: Shape) -> Bool {
        guard groups > 0, groups <= max(shape[0] * shape[3], 1) else { return false }
        return isDepthwise ? shape[0] == 1 && shape[3] % groups == 0 : shape[0] % groups == 0
    }
}

extension PatternedKernels {
    private enum CodingKeys: String, CodingKey {
        case sharesInputs
        case groups
        case isDepthwise
    }

    /// Groups that are missing are one, of no depthwise layer: files of before have none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            sharesInputs: try container.decode(Bool.self, forKey: .sharesInputs),
            groups: try container.decodeIfPresent(Int.self, forKey: .groups) ?? 1,
            isDepthwise: try container.decodeIfPresent(Bool.self, forKey: .isDepthwise) ?? false)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sharesInputs, forKey: .sharesInputs)
        if groups != 1 { try container.encode(groups, forKey: .groups) }
        if isDepthwise { try container.encode(isDepthwise, forKey: .isDepthwise) }
    }
}
