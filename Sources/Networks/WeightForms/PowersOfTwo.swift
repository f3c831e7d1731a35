import Diagnostics

/// Weights that are zero or powers of two with a sign: products are shifts (Zhou et al.: Incremental Network Quantization, 2017).
public struct PowersOfTwo: Sendable, Hashable, Codable {
    public init() {}

    /// A sign, 0 for the weight 0, and a shift to the left.
    public struct Factor: Sendable, Hashable {
        public var sign: Int8
        public var shift: UInt8
    }

    /// The factor of every weight.
    ///
    /// - Throws: `Diagnostic` for a weight that is no power of two.
    public func factors(of rows: WeightRows) throws -> [Factor] {
        try rows.elements.map { element in
            guard element != 0 else { return Factor(sign: 0, shift: 0) }
            let magnitude = element.magnitude
            guard magnitude & (magnitude - 1) == 0, magnitude <= WeightForm.largestMagnitude else {
                throw Diagnostic("weight \(element) is no power of two")
            }
            return Factor(sign: element < 0 ? -1 : 1, shift: UInt8(magnitude.trailingZeroBitCount))
        }
    }

    /// The weights for which factors stand.
    public func decoded(_ factors: [Factor]) -> [Int] {
        factors.map { Int($0.sign) << Int($0.shift) }
    }
}
