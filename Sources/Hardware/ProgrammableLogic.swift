public import Quantities

/// Programmable logic by the resources that a pipeline takes from it.
public struct ProgrammableLogic: Sendable, Hashable, Codable {
    public var lookupTables: Int
    public var flipFlops: Int
    /// Block memories of 36 Kbit.
    public var blockMemories: Int
    public var multipliers: Int
    /// Rate at which inputs reach the logic.
    public var inputBandwidth: Bandwidth?

    public init(
        lookupTables: Int, flipFlops: Int, blockMemories: Int, multipliers: Int, inputBandwidth: Bandwidth?
    ) {
        self.lookupTables = lookupTables
        self.flipFlops = flipFlops
        self.blockMemories = blockMemories
        self.multipliers = multipliers
        self.inputBandwidth = inputBandwidth
    }
}
