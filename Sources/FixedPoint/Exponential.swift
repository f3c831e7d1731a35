/// `exp` of a number that is not positive, from `integerBits` integer bits to a fraction of 31 bits (gemmlowp).
///
/// - Parameters:
///   - value: not positive, with `31 - integerBits` fraction bits.
///   - integerBits: 4 or 5.
public func exponential(ofNonPositive value: Int32, integerBits: Int) -> Int32 {
    guard value < 0 else { return .max }
    let fractionBits = Int32(31 - integerBits)
    let quarter: Int32 = 1 << (fractionBits - 2)
    let remainder = (value & (quarter - 1)) - quarter
    var result = exponentialNearMinusEighth(remainder << Int32(integerBits))
    let wholeQuarters = remainder - value
    for (place, factor) in quarterPowers.enumerated() where place < integerBits + 2 {
        if wholeQuarters & (1 << (fractionBits - 2 + Int32(place))) != 0 {
            result = roundingDoublingHighProduct(result, factor)
        }
    }
    return result
}

/// `exp(-2^k)` for k in -2...4, with 31 fraction bits.
private let quarterPowers: [Int32] = [1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242]

/// `exp` on `[-1/4, 0)`, argument and result with 31 fraction bits: a Taylor polynomial around -1/8.
private func exponentialNearMinusEighth(_ value: Int32) -> Int32 {
    let atMinusEighth: Int32 = 1_895_147_668
    let oneThird: Int32 = 715_827_883
    let offset = value + 1 << 28
    let square = roundingDoublingHighProduct(offset, offset)
    let cube = roundingDoublingHighProduct(square, offset)
    let fourth = roundingDoublingHighProduct(square, square)
    let cubic = roundingDoublingHighProduct(roundingDivide(fourth, byPowerOfTwo: 2) + cube, oneThird)
    let tail = roundingDivide(cubic + square, byPowerOfTwo: 1)
    return atMinusEighth + roundingDoublingHighProduct(atMinusEighth, offset + tail)
}

/// `1 / (1 + value)` for `value` in `[0, 1)`, argument and result with 31 fraction bits (gemmlowp).
public func reciprocal(ofOnePlus value: Int32) -> Int32 {
    let halfDenominator = Int32((Int64(value) + Int64(Int32.max) + 1) >> 1)
    let two: Int32 = 1 << 29
    var estimate = 1_515_870_810 + roundingDoublingHighProduct(halfDenominator, -1_010_580_540)
    for _ in 0..<3 {
        let error = two - roundingDoublingHighProduct(halfDenominator, estimate)
        let step = Int64(roundingDoublingHighProduct(estimate, error)) << 2
        estimate = Int32(clamping: Int64(estimate) + Int64(Int32(clamping: step)))
    }
    return Int32(clamping: Int64(estimate) << 1)
}
