import Hardware
import Quantities
import Testing

/// Energies of single operations against the published figures that they are derived from.
@Suite("Energies of operations")
struct OperationEnergyTests {
    private func facts(node: Int = 45, millivolts: Int = 900) -> EnergyFacts {
        var facts = EnergyFacts()
        facts.technology = Technology(
            node: Length(picometres: node * 1000), voltage: Voltage(microvolts: millivolts * 1000))
        return facts
    }

    private func memory(_ kind: Memory.Kind, bytes: Int, dram: DRAMKind? = nil) -> Memory {
        var memory = Fixtures.memory("m", kind, bytes: bytes, holds: [.activations])
        memory.dram = dram
        return memory
    }

    @Test("an 8-bit product is Horowitz' 0.2 pJ and a 32-bit addition of 0.1 pJ; 16 bits lie on the line between")
    func products() throws {
        let energy = OperationEnergy(facts())
        #expect(energy.product(weightBits: 8, activationBits: 8)?.attojoules == 300_000)
        #expect(energy.product(weightBits: 32, activationBits: 32)?.attojoules == 3_200_000)
        // 0.2 / 64 and 3.1 / 1024 pJ a square bit; a third of the way between 8 and 32 bits, times 256.
        let perSquare = 0.2 / 64 + (3.1 / 1024 - 0.2 / 64) / 3
        let expected = Int((perSquare * 256 * 1e6).rounded()) + 100_000
        #expect(energy.product(weightBits: 16, activationBits: 16)?.attojoules == expected)
        // A 4 x 8-bit multiplier is half of an 8 x 8-bit one, and one bit a sixty-fourth.
        #expect(energy.product(weightBits: 4, activationBits: 8, sumBits: 0)?.attojoules == 100_000 + 3750)
        #expect(energy.product(weightBits: 1, activationBits: 1, sumBits: 1)?.attojoules == 3125 + 3750)
        #expect(energy.floatProduct()?.attojoules == 4_600_000)
        #expect(energy.addition(bits: 16)?.attojoules == 50_000)
    }

    @Test(
        "the ratio of a process to 45 nm at 0.9 V is the published one",
        arguments: [
            (130, 3.1675), (90, 1.9499), (65, 1.2535), (45, 1.0), (32, 0.641), (20, 0.2378), (16, 0.1873), (14, 0.1501),
            (10, 0.1273), (7, 0.1024),
        ])
    func processes(_ node: Int, _ ratio: Double) throws {
        let product = try #require(OperationEnergy(facts(node: node)).product(weightBits: 8, activationBits: 8))
        #expect(abs(Double(product.attojoules) / 300_000 - ratio) < 2e-4)
    }

    @Test("a process between two published ones lies between them, and less voltage costs less")
    func between() throws {
        func product(_ node: Int, _ millivolts: Int = 900) throws -> Int {
            try #require(OperationEnergy(facts(node: node, millivolts: millivolts)).addition(bits: 32)).attojoules
        }
        #expect(try product(28) < product(32) && product(28) > product(20))
        #expect(try product(180) == product(130) && product(5) == product(7))
        #expect(try product(45, 700) < product(45) && product(65, 100) <= product(65, 600))
        #expect(try product(90, 100) > 0)
    }

    @Test("on-chip memories cost Horowitz' figures, and the line goes on to CACTI's small ones")
    func memories() throws {
        let energy = OperationEnergy(facts())
        for (bytes, picojoules) in [(8192, 10.0), (32768, 20), (1 << 20, 100)] {
            let bit = try #require(energy.read(memory(.sram, bytes: bytes)))
            #expect(abs(Double(bit.attojoules) * 64e-6 - picojoules) < 1e-3)
        }
        // CACTI at 45 nm: 0.0332 pJ a bit of 512 B and 0.0214 of 128 B (energy-per-op EOP-045, EOP-047).
        for (bytes, picojoules) in [(512, 0.0331553), (128, 0.021365)] {
            let bit = try #require(energy.read(memory(.buffer, bytes: bytes)))
            #expect((0.75...1.25).contains(Double(bit.attojoules) * 1e-6 / picojoules))
        }
        #expect(energy.read(memory(.dram, bytes: 1 << 30, dram: .lpddr4))?.attojoules == 8_000_000)
        #expect(energy.read(memory(.dram, bytes: 1 << 30)) == nil)
        #expect(energy.read(memory(.flash, bytes: 1 << 20)) == nil)
        #expect(energy.localAccess(bits: 32)?.attojoules == 1_000_000)
        #expect(energy.instruction?.attojoules == 70_000_000)
        #expect(!energy.assumptions.isEmpty)
    }

    @Test("facts of the profile win over derived energies; without a process nothing is derived")
    func ownFacts() throws {
        var own = facts()
        own.perMac = Energy(femtojoules: 7)
        own.perInstruction = Energy(femtojoules: 9)
        #expect(OperationEnergy(own).product(weightBits: 8, activationBits: 8)?.attojoules == 7000)
        #expect(OperationEnergy(own).instruction?.attojoules == 9000)
        var table = facts()
        table.operations = [
            OperationFact(kind: .integerMultiply, width: Bits(8), energy: EnergyPerOperation(attojoules: 64_000))
        ]
        #expect(OperationEnergy(table).product(weightBits: 4, activationBits: 8, sumBits: 32)?.attojoules == 132_000)
        let nothing = OperationEnergy(EnergyFacts())
        #expect(!nothing.isKnown && nothing.product(weightBits: 8, activationBits: 8) == nil)
        #expect(nothing.read(memory(.sram, bytes: 1024)) == nil && nothing.assumptions.isEmpty)
        let known = Fixtures.memory("m", .sram, bytes: 1024, holds: [.activations], energyPerBit: 3)
        #expect(OperationEnergy(facts()).read(known)?.attojoules == 3000)
    }
}
