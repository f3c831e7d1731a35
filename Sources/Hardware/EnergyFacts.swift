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
