import FixedPoint
import Testing

@Suite struct BitPackingTests {
    @Test func everyElementOfEveryNarrowFormatReturns() {
        for bits in 1...12 {
            for encoding in NumberFormat.Encoding.allCases where NumberFormat.isValid(bits: bits, encoding: encoding) {
                let format = NumberFormat(bits: bits, encoding: encoding)
                let elements = (format.minimum...format.maximum).filter(format.contains)
                let bytes = format.packed(elements)
                #expect(bytes.count == (elements.count * bits + 7) / 8)
                #expect(format.unpacked(bytes, count: elements.count) == elements)
            }
        }
    }

    @Test func bitsLieLowestFirst() {
        #expect(NumberFormat.bipolar.packed([1, -1, 1, 1, -1, -1, -1, -1, 1]) == [0b0000_1101, 1])
        #expect(NumberFormat(bits: 4, encoding: .twosComplement).packed([1, -1, 7]) == [0xF1, 0x07])
        #expect(NumberFormat.int8.unpacked([1], count: 2) == nil)
    }
}
