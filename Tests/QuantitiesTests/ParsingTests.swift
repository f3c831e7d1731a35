import Quantities
import Testing

@Suite struct ParsingTests {
    @Test func exactValues() throws {
        #expect(try Bytes.parse("16 KiB").count == 16384)
        #expect(try Bytes.parse("128KiB").count == 131_072)
        #expect(try Bytes.parse("1.5 KB").count == 1500)
        #expect(try Bytes.parse("2 MB").count == 2_000_000)
        #expect(try Energy.parse("3.2 pJ").femtojoules == 3200)
        #expect(try Energy.parse("0.03pJ").femtojoules == 30)
        #expect(try Frequency.parse("120 MHz").hertz == 120_000_000)
        #expect(try Frequency.parse("1.2e3 kHz").hertz == 1_200_000)
        #expect(try Seconds.parse("20ms").picoseconds == 20_000_000_000)
        #expect(try Seconds.parse("0.1 us").picoseconds == 100_000)
        #expect(try Power.parse("41.95 mW").nanowatts == 41_950_000)
        #expect(try CycleCost.parse("0.5 cycles").thousandths == 500)
        #expect(try Bandwidth.parse("2 B/cycle") == .perCycle(thousandthBytes: 2000))
        #expect(try Bandwidth.parse("12 bit/cycle") == .perCycle(thousandthBytes: 1500))
        #expect(try Bandwidth.parse("2.1 GB/s") == .perSecond(bytes: 2_100_000_000))
        #expect(try EnergyPerBit.parse("8 pJ/B").attojoules == 1_000_000)
    }

    @Test(arguments: [
        "", "KiB", "16", "16 parsec", "-3 KiB", "1.5 B", "0.0001 KiB", "1..2 B", "99999999999999999999 B",
        "9e30 GiB", "1e B", "16 KiB x", "٣ B", "nan B", "1e99 B",
    ])
    func refused(text: String) {
        #expect(throws: QuantityError.self) { try Bytes.parse(text) }
    }

    @Test func errorsNameTheUnits() {
        let error = #expect(throws: QuantityError.self) { try Frequency.parse("120 Mhz") }
        #expect(error?.message == "'120 Mhz' has the unit 'Mhz'; units of frequency: Hz, kHz, MHz, GHz")
        let missing = #expect(throws: QuantityError.self) { try Bytes.parse("640") }
        #expect(missing?.message.contains("has no unit") == true)
        let fine = #expect(throws: QuantityError.self) { try Bandwidth.parse("2 B") }
        #expect(fine?.message.contains("B/cycle") == true)
    }

    @Test func printedValuesParseToThemselves() throws {
        for value in [0, 1, 7, 999, 1000, 1023, 1024, 1536, 1500, 65536, 1_048_576, 123_456_789, Int.max] {
            #expect(try Bytes.parse(Bytes(value).description).count == value)
            #expect(try Energy.parse(Energy(femtojoules: value).description).femtojoules == value)
            #expect(try Frequency.parse(Frequency(hertz: value).description).hertz == value)
            #expect(try Power.parse(Power(nanowatts: value).description).nanowatts == value)
            #expect(try Seconds.parse(Seconds(picoseconds: value).description).picoseconds == value)
            #expect(try Bits.parse(Bits(value).description).count == value)
            #expect(try CycleCost.parse(CycleCost(thousandths: value).description).thousandths == value)
            #expect(try Bandwidth.parse(Bandwidth.perSecond(bytes: value).description) == .perSecond(bytes: value))
        }
        #expect(Bytes(16384).description == "16 KiB")
        #expect(Energy(femtojoules: 3200).description == "3.2 pJ")
        #expect(Bandwidth.perCycle(thousandthBytes: 2000).description == "2 B/cycle")
        #expect(Bytes(-16384).description == "-16 KiB")
    }

    @Test func energyOfData() {
        #expect(EnergyPerBit(attojoules: 33_155).energy(of: Bits(64)) == Energy(femtojoules: 2122))
        #expect(EnergyPerBit(attojoules: Int.max).energy(of: Bits(64)) == Energy(femtojoules: Int.max))
    }
}
