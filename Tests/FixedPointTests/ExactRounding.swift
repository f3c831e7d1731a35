import FixedPoint

/// Rounded quotients by a second derivation: floor division of 128-bit integers, and the definition of each rule.
func exactQuotient(_ numerator: Int128, over denominator: Int128, _ rule: Rounding) -> Int128 {
    var floor = numerator / denominator
    if numerator % denominator != 0 && (numerator < 0) != (denominator < 0) { floor -= 1 }
    let twice = 2 * (numerator - floor * denominator)
    switch rule {
    case .floor: return floor
    case .ceiling: return twice == 0 ? floor : floor + 1
    case .towardZero: return numerator < 0 && twice != 0 ? floor + 1 : floor
    case .halfUp: return twice >= denominator ? floor + 1 : floor
    case .halfAwayFromZero: return twice > denominator || (twice == denominator && numerator > 0) ? floor + 1 : floor
    case .halfToEven: return twice > denominator || (twice == denominator && floor % 2 != 0) ? floor + 1 : floor
    }
}

/// Int32 values at which rounding and wrapping change, and neighbours.
let boundaries: [Int32] = {
    var values: [Int32] = [0, .max, .min, .min + 1, .max - 1]
    for exponent in 0..<31 {
        let power = Int32(1) << Int32(exponent)
        for offset: Int32 in [-1, 0, 1] { values += [power &+ offset, -power &+ offset, power &* 3 &+ offset] }
    }
    return Array(Set(values)).sorted()
}()
