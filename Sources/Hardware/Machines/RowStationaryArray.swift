public import Quantities

/// A grid of cells for the row-stationary dataflow: a cell slides a row of a filter along a row of an input.
///
/// A set of cells, filter rows by output rows, computes a plane; sets stand beside each other for further filters and
/// channels. Sums move up the set, inputs along its diagonals.
public struct RowStationaryArray: Sendable, Hashable, Codable {
    public var rows: Int
    public var columns: Int
    /// Store of inputs in a cell.
    public var inputStore: Bytes
    /// Store of weights in a cell.
    public var filterStore: Bytes
    /// Store of sums in a cell.
    public var sumStore: Bytes
    /// Shared buffer of inputs and sums; it holds one tile of a layer at a time.
    public var sharedBuffer: Bytes
    /// Buffer into which the weights of the next pass are fetched.
    public var filterBuffer: Bytes
    /// Bits of weights that reach the cells in a cycle.
    public var filterBus: Bits
    /// Bits of inputs that reach the cells in a cycle.
    public var inputBus: Bits
    /// Bits of sums that reach the cells in a cycle, and as many that leave them.
    public var sumBus: Bits
    /// Bits of a run of zeros before each activation stored in memory; 0 for activations stored as they are.
    public var runBits: Bits
    /// Bits of a word of memory, which holds a whole number of runs with their values.
    public var codeWord: Bits
    /// One access of the shared or the filter buffer; nil when unknown.
    public var bufferEnergyPerBit: EnergyPerBit?
    /// One transfer between a buffer and the cells; nil when unknown.
    public var networkEnergyPerBit: EnergyPerBit?

    public init(
        rows: Int, columns: Int, inputStore: Bytes, filterStore: Bytes, sumStore: Bytes, sharedBuffer: Bytes,
        filterBuffer: Bytes, filterBus: Bits, inputBus: Bits, sumBus: Bits, runBits: Bits, codeWord: Bits,
        bufferEnergyPerBit: EnergyPerBit?, networkEnergyPerBit: EnergyPerBit?
    ) {
        self.rows = rows
        self.columns = columns
        self.inputStore = inputStore
        self.filterStore = filterStore
        self.sumStore = sumStore
        self.sharedBuffer = sharedBuffer
        self.filterBuffer = filterBuffer
        self.filterBus = filterBus
        self.inputBus = inputBus
        self.sumBus = sumBus
        self.runBits = runBits
        self.codeWord = codeWord
        self.bufferEnergyPerBit = bufferEnergyPerBit
        self.networkEnergyPerBit = networkEnergyPerBit
    }
}
