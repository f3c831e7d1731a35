public import Quantities

/// What stands between a board's supply rail and the core.
public enum Regulator: String, Sendable, Hashable, Codable, CaseIterable {
    /// A linear regulator: the core's current flows from the rail, whatever its voltage.
    case ldo
    /// A switching converter: the core's power is drawn from the rail, whatever its voltage.
    case smps
}

/// How a board supplies its chip; what is nil is not known.
public struct RailSupply: Sendable, Hashable, Codable {
    public var voltage: Voltage?
    public var regulator: Regulator?
    /// Voltage behind the regulator.
    public var coreVoltage: Voltage?
    /// Share of the rail's power that a switching converter passes on, in thousandths.
    public var efficiencyThousandths: Int?

    public init(
        voltage: Voltage? = nil, regulator: Regulator? = nil, coreVoltage: Voltage? = nil,
        efficiencyThousandths: Int? = nil
    ) {
        self.voltage = voltage
        self.regulator = regulator
        self.coreVoltage = coreVoltage
        self.efficiencyThousandths = efficiencyThousandths
    }
}

/// A power of the supply rail, measured or from a data sheet, with the conditions in which it holds.
public struct RailPoint: Sendable, Hashable, Codable {
    public var name: String
    public var power: Power?
    /// Instead of a power, the current at the supply.
    public var current: Current?
    /// The supply at that time; what is nil is as on the board.
    public var supply: RailSupply
    /// nil for the device's clock.
    public var clock: Frequency?
    /// Profiles of the runtime libraries with which that firmware was built; empty for any.
    public var runtimes: [String]

    public init(
        name: String, power: Power? = nil, current: Current? = nil, supply: RailSupply = RailSupply(),
        clock: Frequency? = nil, runtimes: [String] = []
    ) {
        self.name = name
        self.power = power
        self.current = current
        self.supply = supply
        self.clock = clock
        self.runtimes = runtimes
    }
}
