/// What a step does to a layer, as far as the order of steps is concerned.
public enum StepCategory: String, Sendable, Hashable, Codable, CaseIterable {
    /// A layer becomes several smaller ones.
    case decomposition
    /// Channels leave the network.
    case removal
    /// Weights become zero where they are.
    case sparsification
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
        case (.sparsification, .decomposition): "the factors of a sparse kernel are dense, so its zeros would be lost"
        case (.quantization, .decomposition), (.binarization, .decomposition):
            "factors of integer weights leave their grid; decompose first, quantize the factors after"
        case (.binarization, .sparsification): "a sign has no zero"
        case (.sparsification, .binarization): "a sign has no zero, so pruned weights would come back"
        case (_, .decomposition), (_, .removal), (_, .sparsification), (_, .quantization), (_, .binarization): nil
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
