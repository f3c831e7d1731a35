import FixedPoint
import Foundation
import Testing

@Suite struct SaturatingCurveTests {
    @Test func curvesFollowTheirDefinition() {
        for step in -4000...4000 {
            let real = Double(step) / 250
            guard abs(real) < 16 else { continue }
            let argument = Int32((real * 0x1p27).rounded())
            let exact = Double(argument) / 0x1p27
            #expect(abs(Double(logistic(argument)) / 0x1p31 - 1 / (1 + Foundation.exp(-exact))) < 1e-6)
            #expect(abs(Double(hyperbolicTangent(argument)) / 0x1p31 - Foundation.tanh(exact)) < 1e-6)
        }
        #expect(logistic(Int32(0)) == 1 << 30)
        #expect(hyperbolicTangent(Int32(0)) == 0)
    }

    @Test func shortCurvesFollowTheirDefinition() {
        for value in Int16.min...Int16.max {
            let exact = Double(value) / 4096
            #expect(abs(Double(logistic(value)) / 32768 - 1 / (1 + Foundation.exp(-exact))) < 8.0 / 32768)
            #expect(abs(Double(hyperbolicTangent(value)) / 32768 - Foundation.tanh(exact)) < 16.0 / 32768)
        }
    }

    @Test func interpolatedCurvesFollowTheirDefinition() {
        for value in stride(from: -400_000, through: 400_000, by: 37) {
            let exact = Double(value) / (3 * 4096)
            let sigmoid = Double(InterpolatedCurve.logistic(value)) / 32768
            #expect(abs(sigmoid - 1 / (1 + Foundation.exp(-exact))) < 2.5 / 32768)
            let tangent = Double(InterpolatedCurve.hyperbolicTangent(value)) / 32768
            #expect(abs(tangent - Foundation.tanh(exact)) < 4.0 / 32768)
        }
    }
}
