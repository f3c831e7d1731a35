public import Quantities

/// A published table of energies at one process and voltage.
public struct PublishedEnergies: Sendable {
    /// The name by which profiles ask for a table.
    public enum Name: String, Sendable, Hashable, Codable, CaseIterable {
        /// Horowitz, Computing's energy problem, ISSCC 2014: 45 nm at 0.9 V.
        case horowitz
        /// The Aladdin library carried by Accelergy: 40 nm, four times the multiplier of `horowitz`; voltage assumed 0.9 V.
        case aladdin
    }

    /// The process at which the figures hold.
    var technology: Technology
    var operations: [OperationFact]
    /// Energy of reading one bit of an on-chip memory by its capacity in bytes, ascending.
    var memories: [(bytes: Double, attojoulesPerBit: Double)]
    /// Energy of one bit of a register file.
    var registerBit: EnergyPerBit
    /// One instruction of an in-order core: fetch, decode, registers, control.
    var instruction: EnergyPerOperation

    public static subscript(name: Name) -> PublishedEnergies {
        switch name {
        case .horowitz: horowitz
        case .aladdin: aladdin
        }
    }

    /// Horowitz 2014; the register file of Han et al., EIE, ISCA 2016 (1 pJ for 32 bits, same process).
    private static let horowitz = PublishedEnergies(
        technology: Technology(node: Length(picometres: 45_000), voltage: Voltage(microvolts: 900_000)),
        operations: [
            fact(.integerAdd, 8, 30), fact(.integerAdd, 16, 50), fact(.integerAdd, 32, 100),
            fact(.integerMultiply, 8, 200), fact(.integerMultiply, 32, 3100),
            fact(.floatAdd, 16, 400), fact(.floatAdd, 32, 900),
            fact(.floatMultiply, 16, 1100), fact(.floatMultiply, 32, 3700),
        ],
        // 10, 20 and 100 pJ for 64 bits of caches of 8 KiB, 32 KiB and 1 MiB.
        memories: [(8192, 156_250), (32768, 312_500), (1_048_576, 1_562_500)],
        registerBit: EnergyPerBit(attojoules: 31_250), instruction: EnergyPerOperation(attojoules: 70_000_000))

    /// The adder, multiplier and register of Aladdin's library; memories and instructions as in `horowitz`.
    private static let aladdin = PublishedEnergies(
        technology: Technology(node: Length(picometres: 40_000), voltage: Voltage(microvolts: 900_000)),
        operations: [
            fact(.integerAdd, 32, 210), fact(.integerMultiply, 32, 12_680),
            fact(.floatAdd, 16, 400), fact(.floatAdd, 32, 900),
            fact(.floatMultiply, 16, 1100), fact(.floatMultiply, 32, 3700),
        ], memories: horowitz.memories, registerBit: EnergyPerBit(attojoules: 9000), instruction: horowitz.instruction)

    private static func fact(_ kind: OperationKind, _ bits: Int, _ femtojoules: Int) -> OperationFact {
        OperationFact(kind: kind, width: Bits(bits), energy: EnergyPerOperation(attojoules: femtojoules * 1000))
    }
}

extension DRAMKind {
    /// Energy of a bit at the pins, whatever the process of the machine that reads.
    ///
    /// LPDDR4 8, LPDDR2 40, DDR3 70 (a server module at low load), GDDR5 14, HBM2 3.9: Malladi et al., ISCA 2012, and
    /// Chatterjee et al., MICRO 2017, as carried by Accelergy. DDR4 7.62: Ramulator 2, read, activation, precharge, refresh.
    public var energyPerBit: EnergyPerBit {
        switch self {
        case .lpddr2: EnergyPerBit(attojoules: 40_000_000)
        case .lpddr4: EnergyPerBit(attojoules: 8_000_000)
        case .ddr3: EnergyPerBit(attojoules: 70_000_000)
        case .ddr4: EnergyPerBit(attojoules: 7_620_000)
        case .gddr5: EnergyPerBit(attojoules: 14_000_000)
        case .hbm2: EnergyPerBit(attojoules: 3_900_000)
        }
    }
}
