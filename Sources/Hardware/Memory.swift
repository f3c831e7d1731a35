public import Quantities

/// A memory of a device: its size, its width, and what an access costs.
public struct Memory: Sendable, Hashable, Codable {
    /// The technology, which decides what survives a reset and what a budget counts it as.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Non-volatile; counts as flash.
        case flash
        /// On-chip volatile; counts as RAM.
        case sram
        /// Tightly coupled to the core, without wait states; counts as RAM.
        case tcm
        /// Off-chip volatile; counts as RAM.
        case dram
        /// A buffer inside an accelerator; counts as neither.
        case buffer
    }

    public var name: String
    public var kind: Kind
    public var size: Bytes
    /// Contents that may lie here.
    public var holds: Set<Content>
    /// Bits of one access on the bus.
    public var busWidth: Bits
    /// Extra cycles of the device's clock that an access of one line takes, after the cycle of issue.
    public var waitStates: Int
    /// The same for a write; nil when writes wait as reads do.
    public var writeWaitStates: Int?
    /// Bytes that one access of the memory itself delivers (a flash line, a DRAM burst); at least the bus width.
    public var lineSize: Bytes
    /// `true` when the next line is fetched for data reads while the present one is used, so that a stream hides its waits.
    public var prefetch: Bool
    /// Sustained transfer rate, or nil where width, waits and clock say it.
    public var bandwidth: Bandwidth?
    /// Energy of reading one bit, if known.
    public var readEnergyPerBit: EnergyPerBit?
    /// Energy of writing one bit, if known.
    public var writeEnergyPerBit: EnergyPerBit?
    /// The kind of off-chip memory, if it is one of published energy.
    public var dram: DRAMKind?

    public init(
        name: String, kind: Kind, size: Bytes, holds: Set<Content>, busWidth: Bits, waitStates: Int, lineSize: Bytes,
        prefetch: Bool, bandwidth: Bandwidth?, readEnergyPerBit: EnergyPerBit?, writeEnergyPerBit: EnergyPerBit?,
        writeWaitStates: Int? = nil, dram: DRAMKind? = nil
    ) {
        self.name = name
        self.kind = kind
        self.size = size
        self.holds = holds
        self.busWidth = busWidth
        self.waitStates = waitStates
        self.writeWaitStates = writeWaitStates
        self.lineSize = lineSize
        self.prefetch = prefetch
        self.bandwidth = bandwidth
        self.readEnergyPerBit = readEnergyPerBit
        self.writeEnergyPerBit = writeEnergyPerBit
        self.dram = dram
    }
}
