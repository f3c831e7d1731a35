public import Quantities

/// Energy by the component that draws it, in whole femtojoules.
///
/// Sums stop at `Int.max`, 9,223 J; an estimator refuses what reaches it.
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
    /// The total with the operands that execution met, where the components are of random operands; nil without data.
    public var executedFemtojoules: Int?

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
            femtojoules: [sramFemtojoules, flashFemtojoules, dramFemtojoules, idleFemtojoules]
                .reduce(computeFemtojoules, Self.sum))
    }

    /// Notes the total of executed operands, given what they add to the sum of the components.
    mutating func setExecuted(_ change: Int) {
        executedFemtojoules = max(0, Self.sum(total.femtojoules, change))
    }

    public static func += (left: inout EnergyBreakdown, right: EnergyBreakdown) {
        if left.executedFemtojoules != nil || right.executedFemtojoules != nil {
            left.executedFemtojoules = sum(
                left.executedFemtojoules ?? left.total.femtojoules, right.executedFemtojoules ?? right.total.femtojoules
            )
        }
        left.computeFemtojoules = sum(left.computeFemtojoules, right.computeFemtojoules)
        left.sramFemtojoules = sum(left.sramFemtojoules, right.sramFemtojoules)
        left.flashFemtojoules = sum(left.flashFemtojoules, right.flashFemtojoules)
        left.dramFemtojoules = sum(left.dramFemtojoules, right.dramFemtojoules)
        left.idleFemtojoules = sum(left.idleFemtojoules, right.idleFemtojoules)
    }

    /// A sum of femtojoules that stops at the largest.
    static func sum(_ left: Int, _ right: Int) -> Int {
        Int(clamping: Int128(left) + Int128(right))
    }

    /// The energy of so many events of so many femtojoules each, at most the largest.
    static func product(_ count: Int, _ femtojoules: Int) -> Int {
        Int(clamping: Int128(count) * Int128(femtojoules))
    }

    private enum CodingKeys: String, CodingKey {
        case computeFemtojoules, sramFemtojoules, flashFemtojoules, dramFemtojoules, idleFemtojoules, totalFemtojoules
        case executedFemtojoules, assumedJoules, executedJoules
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        computeFemtojoules = try container.decode(Int.self, forKey: .computeFemtojoules)
        sramFemtojoules = try container.decode(Int.self, forKey: .sramFemtojoules)
        flashFemtojoules = try container.decode(Int.self, forKey: .flashFemtojoules)
        dramFemtojoules = try container.decode(Int.self, forKey: .dramFemtojoules)
        idleFemtojoules = try container.decode(Int.self, forKey: .idleFemtojoules)
        executedFemtojoules = try container.decodeIfPresent(Int.self, forKey: .executedFemtojoules)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(computeFemtojoules, forKey: .computeFemtojoules)
        try container.encode(sramFemtojoules, forKey: .sramFemtojoules)
        try container.encode(flashFemtojoules, forKey: .flashFemtojoules)
        try container.encode(dramFemtojoules, forKey: .dramFemtojoules)
        try container.encode(idleFemtojoules, forKey: .idleFemtojoules)
        try container.encode(total.femtojoules, forKey: .totalFemtojoules)
        try container.encode(total.joules, forKey: .assumedJoules)
        try container.encodeIfPresent(executedFemtojoules, forKey: .executedFemtojoules)
        try container.encodeIfPresent(executedFemtojoules.map { Double($0) * 1e-15 }, forKey: .executedJoules)
    }
}
