/// The sigmoid as a quotient of polynomials in fused float32 steps (MLAS of ONNX Runtime, after Eigen).
enum RationalSigmoid {
    static func value(_ real: Float) -> Float {
        guard !real.isNaN else { return real }
        let bounded = min(max(real, -upper), upper)
        let square = bounded * bounded
        let odd = numerator.dropFirst().reduce(numerator[0]) { $1.addingProduct($0, square) } * bounded
        let even = denominator.dropFirst().reduce(denominator[0]) { $1.addingProduct($0, square) }
        return max(odd / even + 0.5, 0)
    }

    /// Where the curve is taken to have ended.
    private static let upper: Float = 18
    /// Coefficients of the powers 9, 7, 5, 3 and 1.
    private static let numerator: [Float] = [
        4.370_310_125_798_01e-11, 1.156_273_244_599_42e-07, 6.085_748_646_001_43e-05, 8.513_771_333_047_01e-03,
        2.482_879_470_615_29e-01,
    ]
    /// Coefficients of the powers 10, 8, 6, 4, 2 and 0.
    private static let denominator: [Float] = [
        6.102_473_897_556_81e-13, 5.761_021_369_934_27e-09, 6.291_067_850_170_40e-06, 1.701_988_173_740_94e-03,
        1.168_176_569_045_43e-01, 9.931_519_210_231_80e-01,
    ]
}
