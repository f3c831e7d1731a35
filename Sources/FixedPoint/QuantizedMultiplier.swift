/// A real factor as `multiplier * 2^(shift - 31)`, with a multiplier of 31 significant bits.
public struct QuantizedMultiplier: Sendable, Hashable {
    /// 0, or of magnitude in `2^30 ..< 2^31`.
    public let multiplier: Int32
    /// -31...31; positive shifts are to the left.
    public let shift: Int

    /// The nearest representable factor (QuantizeMultiplier of TFLite).
    ///
    /// Factors below `2^-32` become 0; factors of `2^31` and above, and infinities, the largest of their sign.
    public init(_ real: Double) {
        guard real != 0, !real.isNaN else {
            (multiplier, shift) = (0, 0)
            return
        }
        guard abs(real) < 0x1p31 else {
            (multiplier, shift) = (real < 0 ? -.max : .max, 31)
            return
        }
        var exponent = Int(real.exponent) + 1
        var scaled = abs(real.significand) * 0x1p30
        scaled.round(.toNearestOrAwayFromZero)
        if scaled == 0x1p31 {
            scaled = 0x1p30
            exponent += 1
        }
        guard exponent >= -31 else {
            (multiplier, shift) = (0, 0)
            return
        }
        guard exponent <= 31 else {
            (multiplier, shift) = (real < 0 ? -.max : .max, 31)
            return
        }
        (multiplier, shift) = (real < 0 ? -Int32(scaled) : Int32(scaled), exponent)
    }

    /// - Precondition: `shift` is in -31...31.
    public init(multiplier: Int32, shift: Int) {
        precondition((-31...31).contains(shift), "shift out of range")
        self.multiplier = multiplier
        self.shift = shift
    }

    /// The product of a 32-bit sum by family D, the left shift wrapping at 32 bits (MultiplyByQuantizedMultiplier).
    @inlinable
    public func doubleRounded(_ sum: Int32) -> Int32 {
        let high = roundingDoublingHighProduct(sum << Int32(max(shift, 0)), multiplier)
        return roundingDivide(high, byPowerOfTwo: max(-shift, 0))
    }

    /// The product of a sum of up to 64 bits by family D; nothing wraps.
    @inlinable
    public func doubleRounded(wide sum: Int) -> Int128 {
        let high = roundingDoublingHighProduct(Int128(sum) << Int128(max(shift, 0)), multiplier)
        return Rounding.halfAwayFromZero.shift(high, by: max(-shift, 0))
    }

    /// The product of a 32-bit sum by family D': as D, the last shift rounding halves up.
    @inlinable
    public func halfUpShifted(_ sum: Int32) -> Int32 {
        let high = roundingDoublingHighProduct(sum << Int32(max(shift, 0)), multiplier)
        return Int32(truncatingIfNeeded: Rounding.halfUp.shift(Int64(high), by: max(-shift, 0)))
    }

    /// The product of a sum of up to 64 bits by family D'; nothing wraps.
    @inlinable
    public func halfUpShifted(wide sum: Int) -> Int128 {
        let high = roundingDoublingHighProduct(Int128(sum) << Int128(max(shift, 0)), multiplier)
        return Rounding.halfUp.shift(high, by: max(-shift, 0))
    }

    /// The product of a sum of up to 64 bits with the upper 16 bits of the multiplier, one shift, halves up.
    @inlinable
    public func reduced(_ sum: Int) -> Int128 {
        let upper = multiplier < 0x7FFF_0000 ? (multiplier + 1 << 15) >> 16 : 0x7FFF
        let product = Int128(sum) * Int128(upper)
        return shift > 15 ? product << Int128(shift - 15) : Rounding.halfUp.shift(product, by: 15 - shift)
    }

    /// The product of a sum of up to 64 bits by family S: one product, one shift, halves up.
    @inlinable
    public func singleRounded(_ sum: Int) -> Int128 {
        Rounding.halfUp.shift(Int128(sum) * Int128(multiplier), by: 31 - shift)
    }
}
