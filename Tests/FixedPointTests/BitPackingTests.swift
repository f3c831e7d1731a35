import FixedPoint
import Testing

@Suite struct BitPackingTests {
    @Test func everyElementOfEveryNarrowFormatReturns() {
        for bits in 1...16 {
            for encoding in NumberFormat.Encoding.allCases where NumberFormat.isValid(bits: bits, encoding: encoding) {
                let format = NumberFormat(bits: bits, encoding: encoding)
                let elements = (format.minimum...format.maximum).filter(format.contains)
                let bytes = format.packed(elements)
                #expect(bytes.count == (elements.count * bits + 7) / 8)
                #expect(format.unpacked(bytes, count: elements.count) == elements)
            }
        }
    }

    @Test(arguments: 17...32) func theEndsOfWideFormatsReturn(_ bits: Int) {
        for encoding in NumberFormat.Encoding.allCases where NumberFormat.isValid(bits: bits, encoding: encoding) {
            let format = NumberFormat(bits: bits, encoding: encoding)
            let (low, high) = (format.minimum, format.maximum)
            let elements = [low, high, low + 1, high - 1, 0, 1, (low + high) / 2, high / 3, low / 5]
            #expect(format.unpacked(format.packed(elements), count: elements.count) == elements)
        }
    }

    @Test func bitsLieLowestFirst() {
        #expect(NumberFormat.bipolar.packed([1, -1, 1, 1, -1, -1, -1, -1, 1]) == [0b0000_1101, 1])
        #expect(NumberFormat(bits: 4, encoding: .twosComplement).packed([1, -1, 7]) == [0xF1, 0x07])
        #expect(NumberFormat(bits: 3, encoding: .unsigned).packed([1, 2, 7, 4]) == [0b1101_0001, 0b1001])
        #expect(NumberFormat.int8.unpacked([1], count: 2) == nil)
        #expect(NumberFormat.int8.unpacked([1], count: -1) == nil)
    }
}
