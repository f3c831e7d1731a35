import Hardware

/// Parts of programmable logic: what a stage takes, or what a chip has.
public struct LogicResources: Sendable, Hashable, Codable {
    public var lookupTables = 0
    public var flipFlops = 0
    /// Block memories of 18 Kbit.
    public var blockMemories = 0
    public var multipliers = 0

    public init() {}

    init(lookupTables: Int, blockMemories: Int = 0, multipliers: Int = 0) {
        self.lookupTables = lookupTables
        // Registers for each lookup table after implementation: 1.58 and 1.18 in Xilinx/BNN-PYNQ (CNV and LFC, W1A1),
        // 1.05 in Xilinx/finn (UNSW-NB15): their mean.
        flipFlops = lookupTables * 127 / 100
        self.blockMemories = blockMemories
        self.multipliers = multipliers
    }

    /// All that a chip has.
    init(_ logic: ProgrammableLogic) {
        lookupTables = logic.lookupTables
        flipFlops = logic.flipFlops
        blockMemories = logic.blockMemories * 2
        multipliers = logic.multipliers
    }

    /// What the transfer of frames takes besides the stages: interconnect and two DMA engines.
    ///
    /// 6 block memories of 36 Kbit and 4 multipliers are what the report of BNN-PYNQ's LFC W1A1 holds beyond its weights
    /// (Xilinx/BNN-PYNQ lfcW1A1, Vivado 2018.2); 3,000 lookup tables are assumed, and that
    /// a chip without multipliers needs none.
    static func shell(on chip: LogicResources) -> LogicResources {
        LogicResources(lookupTables: 3_000, blockMemories: 12, multipliers: chip.multipliers < 4 ? 0 : 4)
    }

    static func + (left: LogicResources, right: LogicResources) -> LogicResources {
        var sum = left
        sum.lookupTables += right.lookupTables
        sum.flipFlops += right.flipFlops
        sum.blockMemories += right.blockMemories
        sum.multipliers += right.multipliers
        return sum
    }

    func fits(_ limit: LogicResources) -> Bool {
        lookupTables <= limit.lookupTables && flipFlops <= limit.flipFlops && blockMemories <= limit.blockMemories
            && multipliers <= limit.multipliers
    }

    /// `true` when no part is more than the other's.
    func isWithin(_ other: LogicResources) -> Bool { fits(other) }

    /// The least of each part.
    func least(_ other: LogicResources) -> LogicResources {
        var least = self
        least.lookupTables = min(lookupTables, other.lookupTables)
        least.flipFlops = min(flipFlops, other.flipFlops)
        least.blockMemories = min(blockMemories, other.blockMemories)
        least.multipliers = min(multipliers, other.multipliers)
        return least
    }

    /// Shares of a chip added up, in billionths: the weight by which foldings of one interval are compared.
    func share(of chip: LogicResources) -> Int {
        func part(_ used: Int, _ available: Int) -> Int {
            Int(clamping: Int128(used) * 1_000_000_000 / Int128(max(1, available)))
        }
        return part(lookupTables, chip.lookupTables) + part(flipFlops, chip.flipFlops)
            + part(blockMemories, chip.blockMemories) + part(multipliers, chip.multipliers)
    }

    /// Each part with what the chip has of it; block memories in pieces of 36 Kbit.
    func uses(of chip: ProgrammableLogic) -> [ResourceUse] {
        [
            ResourceUse(name: "lookupTables", used: lookupTables, available: chip.lookupTables),
            ResourceUse(name: "flipFlops", used: flipFlops, available: chip.flipFlops),
            ResourceUse(name: "blockMemories", used: (blockMemories + 1) / 2, available: chip.blockMemories),
            ResourceUse(name: "multipliers", used: multipliers, available: chip.multipliers),
        ]
    }
}
