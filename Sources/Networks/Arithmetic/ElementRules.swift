public import FixedPoint

/// How two integers on grids of their own are added onto a third grid.
public enum AdditionRule: Sendable, Hashable {
    /// Both are carried to twice the larger scale with 20 (of 16-bit elements 15) more bits, and the sum from there.
    case commonScale
    /// Both are multiplied by integers of 21 bits, the sum is shifted once and rounded half up.
    case directMultipliers
}

/// How sums of 8-bit integers become their mean.
public enum MeanRule: Sendable, Hashable {
    /// As every other operator carries integers, with the count in the factor.
    case elementwise
    /// Of images with both axes kept: the sum with its zero point by one float32 factor, the input's zero point rounded by
    /// itself; 16 channels at a time by family D', the others by family D. Other means as `elementwise`.
    case zeroPointApart
    /// The sum with its zero point times a float32 factor, plus both zero points in float32, rounded half to even.
    case foldedZeroPoints
}

/// How 8-bit integers are carried from grid to grid.
public enum RegriddingRule: Sendable, Hashable {
    /// As every other operator carries them.
    case elementwise
    /// 16 at a time by family D', those left over by family D.
    case sixteenLanes
    /// By a factor of 8 fraction bits, rounded half up; as `sixteenLanes` where that factor is not in 2^-8 ... 2^7.
    case eightFractionBits
}

/// How saturating curves are evaluated on 8-bit integers.
public enum CurveRule: Sendable, Hashable {
    /// In fixed point with 27 fraction bits (gemmlowp).
    case fixedPoint
    /// In float32, rounded half away from zero.
    case floatTable
}

/// How saturating curves are evaluated on 16-bit integers.
public enum WideCurveRule: Sendable, Hashable {
    /// By linear interpolation in a table of the sigmoid.
    case interpolated
    /// In fixed point with 12 fraction bits where the scale is such a power of two; elsewhere as `interpolated` (gemmlowp).
    case fixedPointAtPowers
}

/// How a softmax is formed on 8-bit integers.
public enum SoftmaxRule: Sendable, Hashable {
    /// In fixed point with 26 fraction bits in the exponent (gemmlowp).
    case fixedPoint
    /// From a float32 table of exponentials, summed in order.
    case floatTable
}

/// How bilinear interpolation weighs 8-bit integers.
public enum InterpolationRule: Sendable, Hashable {
    /// Places and weights of 10 fraction bits, results rounded half away from zero.
    case tenBits
    /// Places in float32, weights of 11 fraction bits, results rounded half up.
    case elevenBits
}

/// How reals become integers.
public enum QuantizationRule: Sendable, Hashable {
    /// The float32 quotient by the scale, rounded once.
    case quotient(Rounding)
    /// The float32 product with the reciprocal of the scale, rounded half to even; wider than 8 bits as `eightLanes`.
    case productToEven
    /// 8 at a time as products with the reciprocal rounded half to even, those left over as quotients rounded half away from zero.
    case eightLanes
}

/// How integers become reals.
public enum DequantizationRule: Sendable, Hashable {
    /// The difference from the zero point times the scale.
    case difference
    /// 8 at a time, of 8 bits, as the element times the scale less the zero point times the scale; others as differences.
    case eightLanes
}
