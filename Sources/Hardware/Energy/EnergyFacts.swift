public import Quantities

/// What is known of a device's energy; a fact that is missing is not guessed.
public struct EnergyFacts: Sendable, Hashable, Codable {
    /// Power of the whole supply rail while a network runs.
    public var activePower: Power?
    /// The clock at which `activePower` holds; nil for the device's clock. The energy of a cycle is taken as constant.
    public var activeClock: Frequency?
    /// Power while it waits.
    public var idlePower: Power?
    /// Static power, drawn whether it computes or not.
    public var leakage: Power?
    /// One multiply-accumulate at the machine's native width.
    public var perMac: Energy?
    /// One instruction of any class, beyond the operation itself.
    public var perInstruction: Energy?
    /// One register-file or cell-store access of a native operand.
    public var perLocalAccess: Energy?
    /// The supply at which `activePower` holds; nil for the board's.
    public var activeSupply: Voltage?
    /// How the board supplies its chip.
    public var supply = RailSupply()
    /// Measured powers of the rail; `activePower` wins over them.
    public var rail: [RailPoint] = []
    /// The process from which energies that are not given are derived; nil to derive none.
    public var technology: Technology?
    /// Energies of operations known of this design; they win over derived ones.
    public var operations: [OperationFact] = []
    /// Operands whose zeros keep the multiplier still.
    public var gatesZeros: Set<ZeroGate> = []

    public init(
        activePower: Power? = nil, idlePower: Power? = nil, leakage: Power? = nil, perMac: Energy? = nil,
        perInstruction: Energy? = nil, perLocalAccess: Energy? = nil, activeClock: Frequency? = nil
    ) {
        self.activePower = activePower
        self.activeClock = activeClock
        self.idlePower = idlePower
        self.leakage = leakage
        self.perMac = perMac
        self.perInstruction = perInstruction
        self.perLocalAccess = perLocalAccess
    }
}
