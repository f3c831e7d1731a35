import FixedPoint
import Foundation
import Testing

@Suite struct DynamicFixedPointTests {
    @Test func lengthsGiveRangeAndStep() throws {
        let format = try #require(DynamicFixedPoint(integerBits: 3, fractionBits: 5))
        #expect(format.format == NumberFormat.int8)
        #expect(format.scale == 0.03125)
        let fine = try #require(DynamicFixedPoint(integerBits: -2, fractionBits: 6))
        #expect(fine.format == NumberFormat(bits: 4, encoding: .twosComplement))
        #expect(Float(fine.format.minimum) * fine.scale == -0.125)
        let coarse = try #require(DynamicFixedPoint(integerBits: 20, fractionBits: -4))
        #expect(coarse.scale == 16)
    }

    @Test(arguments: [(0, 0), (17, 0), (-5, 5), (9, 8), (.max, .max), (.min, .max), (140, -139), (-126, 127)])
    func otherLengthsAreNone(_ integerBits: Int, _ fractionBits: Int) throws {
        #expect(DynamicFixedPoint(integerBits: integerBits, fractionBits: fractionBits) == nil)
        let json = Data("{\"integerBits\":\(integerBits),\"fractionBits\":\(fractionBits)}".utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(DynamicFixedPoint.self, from: json) }
    }
}
