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
    /// Width of the port through which frames enter and leave; nil where only the rate is known.
    public var port: Bits?
    /// Cycles of each frame's transfer before its first word arrives.
    public var portLatency: Int
    /// Frames that one call of the driver runs; nil for a stream without end.
    public var framesPerCall: Int?
    /// Cycles of one call of the driver besides its frames.
    public var callOverhead: Int
    /// Foldings that are given; layers without one are folded by search.
    public var foldings: [Folding]

    public init(
        lookupTables: Int, flipFlops: Int, blockMemories: Int, multipliers: Int, inputBandwidth: Bandwidth?,
        port: Bits? = nil, portLatency: Int = 0, framesPerCall: Int? = nil, callOverhead: Int = 0,
        foldings: [Folding] = []
    ) {
        self.lookupTables = lookupTables
        self.flipFlops = flipFlops
        self.blockMemories = blockMemories
        self.multipliers = multipliers
        self.inputBandwidth = inputBandwidth
        self.port = port
        self.portLatency = portLatency
        self.framesPerCall = framesPerCall
        self.callOverhead = callOverhead
        self.foldings = foldings
    }
}
