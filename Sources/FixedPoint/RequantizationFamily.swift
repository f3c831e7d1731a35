/// The rule by which an accumulator becomes an output element (the families deployed runtimes use).
public enum RequantizationFamily: String, Sendable, Hashable, Codable, CaseIterable {
    /// Doubling high multiplication rounded half up, then a shift rounded half away from zero: TFLM, CMSIS-NN.
    case doubleRounding
    /// As `doubleRounding`, but the shift rounds half up: the ruy matrix product of LiteRT on x86.
    case halfUpShift
    /// One multiplication and one shift, rounded half up.
    case singleRounding
    /// The product with a float32 scale, rounded half to even: XNNPACK and ONNX Runtime.
    case float
}
