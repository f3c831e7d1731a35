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
    /// The product with a multiplier reduced to 16 bits, then one shift rounded half up: 64-bit sums of TFLM and LiteRT.
    case reducedMultiplier
    /// The product with a factor in double precision, rounded half away from zero: fully connected layers of LiteRT.
    case doublePrecision
}
