/// The rule by which an accumulator becomes an output element: six that deployed runtimes use, and exact products.
public enum RequantizationFamily: Sendable, Hashable {
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
    /// The exact product with a `ScaleFactor`, rounded once.
    case exact(RoundingRule)

    /// Whether results depend on their place.
    public var isStochastic: Bool {
        if case .exact(.stochastic) = self { true } else { false }
    }

    /// Whether a mean on one grid divides the sum of the integers themselves, halves away from zero.
    public var dividesIntegers: Bool {
        self != .float && exactRounding == nil
    }

    /// How quotients of reals become integers.
    public var roundingOfReals: Rounding {
        if case .exact(.deterministic(let rounding)) = self { return rounding }
        return dividesIntegers ? .halfAwayFromZero : .halfToEven
    }

    /// The rounding of an exact family, else nil.
    public var exactRounding: RoundingRule? {
        if case .exact(let rule) = self { rule } else { nil }
    }
}
