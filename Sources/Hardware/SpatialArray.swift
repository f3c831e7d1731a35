public import Quantities

/// Cells with local stores below a shared buffer.
public struct SpatialArray: Sendable, Hashable, Codable {
    public var rows: Int
    public var columns: Int
    /// Bits of an operand, weights and activations alike.
    public var operandBits: Bits
    /// Store inside one cell.
    public var cellStore: Bytes
    /// Buffer shared by the cells.
    public var globalBuffer: Bytes

    public init(rows: Int, columns: Int, operandBits: Bits, cellStore: Bytes, globalBuffer: Bytes) {
        self.rows = rows
        self.columns = columns
        self.operandBits = operandBits
        self.cellStore = cellStore
        self.globalBuffer = globalBuffer
    }
}
