/// What kind of work a layer is, as far as a machine can tell: cost models switch on this, never on operator names.
public enum ComputeClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// Multiply-accumulate over a window and all input channels of a group.
    case convolution
    /// Multiply-accumulate over a window of one channel.
    case depthwise
    /// Multiply-accumulate of a vector with a matrix.
    case fullyConnected
    /// Reduction over a window or a plane without weights.
    case pooling
    /// One or two operands, element by element, with rescaling.
    case elementwise
    /// A function with exponentials, element by element or by row.
    case transcendental
    /// Elements copied to other addresses unchanged.
    case dataMovement
    /// Nothing at run time: a view under another shape.
    case free
}
