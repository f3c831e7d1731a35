/// How a sum of products becomes an integer on the grid of the output, before the zero point and the clamp.
public struct Requantization: Sendable, Hashable {
    public let family: RequantizationFamily
    /// The factor of the fixed-point families.
    public let factor: QuantizedMultiplier
    /// The factor of family `float`.
    public let scale: Float
    /// The factor of family `doublePrecision`.
    public let real: Double
    /// The factor of the exact family, and what its products are divided by.
    private let exactFactor: ScaleFactor
    private let divisor: Int
    /// Whether sums may exceed 32 bits; then no intermediate wraps.
    public let isWide: Bool

    /// - Parameters:
    ///   - real: the factor as the fixed-point families compute it, in double precision.
    ///   - scale: the factor as family `float` computes it, in single precision.
    ///   - bits: the width of the sums.
    ///   - divisor: what products of the exact family are divided by, 1 ... 2^31; other families have it in their factor.
    public init(real: Double, scale: Float, family: RequantizationFamily, sumBits bits: Int, divisor: Int = 1) {
        self.family = family
        self.factor = QuantizedMultiplier(real)
        self.scale = scale
        self.real = real
        self.exactFactor = ScaleFactor(real)
        self.divisor = divisor
        self.isWide = bits > 32
    }

    /// A fixed-point family with a factor that is already in fixed point.
    public init(factor: QuantizedMultiplier, family: RequantizationFamily, sumBits bits: Int) {
        self.family = family
        self.factor = factor
        self.scale = Float(factor.multiplier) * Float(sign: .plus, exponent: factor.shift - 31, significand: 1)
        self.real = Double(factor.multiplier) * Double(sign: .plus, exponent: factor.shift - 31, significand: 1)
        self.exactFactor = ScaleFactor(
            Double(factor.multiplier) * Double(sign: .plus, exponent: factor.shift - 31, significand: 1))
        self.divisor = 1
        self.isWide = bits > 32
    }

    /// The requantized sum, saturated to 48 bits so that a zero point can be added without care.
    ///
    /// - Parameter place: of the result element, row-major; only stochastic rounding looks at it.
    public func callAsFunction(_ sum: Int, place: Int = 0) -> Int {
        switch family {
        case .doubleRounding:
            isWide
                ? Requantization.saturated(factor.doubleRounded(wide: sum))
                : Int(factor.doubleRounded(Int32(truncatingIfNeeded: sum)))
        case .halfUpShift:
            isWide
                ? Requantization.saturated(factor.halfUpShifted(wide: sum))
                : Int(factor.halfUpShifted(Int32(truncatingIfNeeded: sum)))
        case .singleRounding: Requantization.saturated(factor.singleRounded(sum))
        case .float: Rounding.halfToEven.round(Double(Float(sum) * scale), into: Requantization.range)
        case .reducedMultiplier: Requantization.saturated(factor.reduced(sum))
        case .doublePrecision: Rounding.halfAwayFromZero.round(Double(sum) * real, into: Requantization.range)
        case .exact(let rule): exactFactor.product(sum, over: divisor, rounding: rule, place: place)
        }
    }

    private static let range = -(1 << 47)...(1 << 47)

    private static func saturated(_ value: Int128) -> Int {
        Int(min(max(value, Int128(range.lowerBound)), Int128(range.upperBound)))
    }
}
