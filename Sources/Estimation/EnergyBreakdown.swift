public import Quantities

/// Energy by the component that draws it, in whole femtojoules.
public struct EnergyBreakdown: Sendable, Hashable, Codable {
    /// The core or the cells while they compute.
    public var computeFemtojoules: Int
    /// On-chip buffers and RAM.
    public var sramFemtojoules: Int
    /// Flash.
    public var flashFemtojoules: Int
    /// Memory off the chip.
    public var dramFemtojoules: Int
    /// Static power, and the core while it waits.
    public var idleFemtojoules: Int

    public init(compute: Int = 0, sram: Int = 0, flash: Int = 0, dram: Int = 0, idle: Int = 0) {
        computeFemtojoules = compute
        sramFemtojoules = sram
        flashFemtojoules = flash
        dramFemtojoules = dram
        idleFemtojoules = idle
    }

    /// All components together.
    public var total: Energy {
        Energy(
            femtojoules: computeFemtojoules + sramFemtojoules + flashFemtojoules + dramFemtojoules + idleFemtojoules)
    }

    public static func += (left: inout EnergyBreakdown, right: EnergyBreakdown) {
        left.computeFemtojoules += right.computeFemtojoules
        left.sramFemtojoules += right.sramFemtojoules
        left.flashFemtojoules += right.flashFemtojoules
        left.dramFemtojoules += right.dramFemtojoules
        left.idleFemtojoules += right.idleFemtojoules
    }

    private enum CodingKeys: String, CodingKey {
        case computeFemtojoules, sramFemtojoules, flashFemtojoules, dramFemtojoules, idleFemtojoules, totalFemtojoules
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        computeFemtojoules = try container.decode(Int.self, forKey: .computeFemtojoules)
        sramFemtojoules = try container.decode(Int.self, forKey: .sramFemtojoules)
        flashFemtojoules = try container.decode(Int.self, forKey: .flashFemtojoules)
        dramFemtojoules = try container.decode(Int.self, forKey: .dramFemtojoules)
        idleFemtojoules = try container.decode(Int.self, forKey: .idleFemtojoules)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(computeFemtojoules, forKey: .computeFemtojoules)
        try container.encode(sramFemtojoules, forKey: .sramFemtojoules)
        try container.encode(flashFemtojoules, forKey: .flashFemtojoules)
        try container.encode(dramFemtojoules, forKey: .dramFemtojoules)
        try container.encode(idleFemtojoules, forKey: .idleFemtojoules)
        try container.encode(total.femtojoules, forKey: .totalFemtojoules)
    }
}
