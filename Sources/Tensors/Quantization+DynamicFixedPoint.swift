public import FixedPoint

extension Quantization {
    /// Numbers in dynamic fixed point: one scale, a power of two, and the zero point 0.
    public init(_ format: DynamicFixedPoint) {
        self.init(format: format.format, scale: format.scale)
    }

    /// The lengths ⟨IL, FL⟩ of this grid, or nil when it is none of dynamic fixed point.
    public var dynamicFixedPoint: DynamicFixedPoint? {
        guard axis == nil, scales.count == 1, zeroPoints == [0], format.encoding == .twosComplement,
            scale.isNormal, scale.significand == 1
        else { return nil }
        let fractionBits = -Int(scale.exponent)
        return DynamicFixedPoint(integerBits: format.bits - fractionBits, fractionBits: fractionBits)
    }
}
