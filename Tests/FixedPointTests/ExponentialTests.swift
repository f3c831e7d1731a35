import FixedPoint
import Foundation
import Testing

@Suite struct ExponentialTests {
    @Test(arguments: [4, 5]) func exponentialsAreCloseToTheReal(_ integerBits: Int) {
        let unit = Double(1 << (31 - integerBits))
        for step in 0..<4000 {
            let value = Int32(-Double(step) / 4000 * (Double(1 << integerBits) - 0.001) * unit)
            let result = Double(exponential(ofNonPositive: value, integerBits: integerBits)) * 0x1p-31
            #expect(abs(result - exp(Double(value) / unit)) < 4e-7)
        }
        #expect(exponential(ofNonPositive: 0, integerBits: integerBits) == .max)
    }

    @Test func reciprocalsAreCloseToTheReal() {
        for step in 0..<4000 {
            let value = Int32(Double(step) / 4000 * 0x1p31)
            let result = Double(reciprocal(ofOnePlus: value)) * 0x1p-31
            #expect(abs(result - 1 / (1 + Double(value) * 0x1p-31)) < 1e-8)
        }
    }
}
