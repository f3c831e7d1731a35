/// An index of a layer's loop nest, as a spatial array may unroll it.
public enum LoopDimension: String, Sendable, Hashable, Codable, CaseIterable {
    case batch
    case groups
    case outputChannels
    case inputChannels
    case outputHeight
    case outputWidth
    case kernelHeight
    case kernelWidth
}

/// An operand of a product, as the levels of a memory hierarchy hold it.
public enum LoopOperand: String, Sendable, Hashable, Codable, CaseIterable {
    case weights
    case inputs
    case outputs
}
