import Foundation

/// How a real becomes a whole number while it stays float32, signs of zeros included (the rounding modes of QONNX).
public enum RealRounding: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nearest; halves to the even neighbour.
    case halfToEven
    case ceiling
    case floor
    case awayFromZero
    case towardZero
    /// Nearest; halves away from zero.
    case halfAwayFromZero
    /// Nearest; halves toward zero.
    case halfTowardZero

    /// The whole number for `value`; every step is rounded to float32.
    func whole(_ value: Float) -> Float {
        switch self {
        case .halfToEven: value.rounded(.toNearestOrEven)
        case .ceiling: value.rounded(.up)
        case .floor: value.rounded(.down)
        case .towardZero: value.rounded(.towardZero)
        case .awayFromZero: RealRounding.sign(of: value) * abs(value).rounded(.up)
        case .halfAwayFromZero: RealRounding.sign(of: value) * (abs(value) + 0.5).rounded(.down)
        case .halfTowardZero: RealRounding.sign(of: value) * (abs(value) - 0.5).rounded(.up)
        }
    }

    private static func sign(of value: Float) -> Float {
        if value > 0 { return 1 }
        if value < 0 { return -1 }
        return value == 0 ? 0 : value
    }
}

/// The ends of a range of whole numbers of some width, in float32; the width need not be whole.
struct WholeRange {
    let lower: Float
    let upper: Float

    /// - Parameter isNarrow: whether the range lacks its lowest number if it is signed, its highest otherwise.
    init(bits: Float, isSigned: Bool, isNarrow: Bool) {
        if isSigned {
            let half: Float = pow(2, bits - 1)
            (lower, upper) = (isNarrow ? -half + 1 : -half, half - 1)
        } else {
            (lower, upper) = (0, pow(2, bits) - (isNarrow ? 2 : 1))
        }
    }

    /// The nearest end for a number outside; no number stays what it is.
    func clamped(_ value: Float) -> Float {
        let bounded = value > upper ? upper : value
        return bounded < lower ? lower : bounded
    }
}
