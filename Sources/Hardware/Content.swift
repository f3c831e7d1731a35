/// What lies in a memory.
public enum Content: String, Sendable, Hashable, Codable, CaseIterable {
    /// Instructions and their literals.
    case code
    /// Constant operands of layers.
    case weights
    /// Activation tensors and scratch buffers.
    case activations
}
