/// What a step does to a layer, as far as the order of steps is concerned.
public enum StepCategory: String, Sendable, Hashable, Codable, CaseIterable {
    /// A layer becomes several smaller ones.
    case decomposition
    /// A layer becomes one or several of another structure, fitted to its responses.
    case restructuring
    /// Channels leave the network.
    case removal
    /// Weights become zero where they are.
    case sparsification
    /// Results are computed at some positions only and copied to the others.
    case perforation
    /// Weights take shared values or are computed from fewer parameters.
    case sharing
    /// Real weights or biases move so that a later or earlier step does less damage; neither form nor cost changes.
    case adjustment
    /// Numbers move to a grid of integers.
    case quantization
    /// Weights become signs with a scale.
    case binarization
    /// Weights are stored in another form, unchanged.
    case coding

    /// Why a step of this category cannot follow one of the category `earlier` on the same layer, or nil if it can.
    public func refusal(after earlier: StepCategory) -> String? {
        switch (earlier, self) {
        case (.coding, .coding): nil
        case (.coding, _): "it changes weights whose stored form is already fixed"
        case (_, .coding): nil
        case (.sparsification, .decomposition), (.sparsification, .restructuring):
            "the factors of a sparse kernel are dense, so its zeros would be lost"
        case (.quantization, .decomposition), (.binarization, .decomposition), (.quantization, .restructuring),
            (.binarization, .restructuring):
            "factors of integer weights leave their grid; decompose first, quantize the factors after"
        case (.sharing, .decomposition), (.sharing, .restructuring):
            "the factors of shared weights are not shared; decompose first, share the factors after"
        case (.perforation, .decomposition), (.perforation, .restructuring):
            "a layer that skips positions cannot be split; decompose first, perforate after"
        case (.quantization, .sharing), (.binarization, .sharing):
            "shared values would leave the grid; share first, quantize the values after"
        case (.sharing, .binarization): "signs replace the shared values, so sharing before is lost"
        case (.binarization, .sparsification): "a sign has no zero"
        case (.sparsification, .binarization): "a sign has no zero, so pruned weights would come back"
        case (_, .decomposition), (_, .restructuring), (_, .removal), (_, .sparsification), (_, .perforation),
            (_, .sharing), (_, .adjustment), (_, .quantization), (_, .binarization):
            nil
        }
    }

    /// Categories that may come earlier on the same layer.
    public var legalPredecessors: [StepCategory] {
        StepCategory.allCases.filter { refusal(after: $0) == nil }
    }

    /// Categories that may come later on the same layer.
    public var legalSuccessors: [StepCategory] {
        StepCategory.allCases.filter { $0.refusal(after: self) == nil }
    }
}
