public import Quantities

/// Cells on axes along which loops may be unrolled, below a hierarchy of memories; the device's memory is behind it.
public struct LoopNestArray: Sendable, Hashable, Codable {
    /// One direction of the array; an operand that does not depend on the unrolled loop is broadcast or summed along it.
    public struct Axis: Sendable, Hashable, Codable {
        public var name: String
        public var size: Int
        /// Loops that may run along this axis, one of them for each layer.
        public var unrolls: Set<LoopDimension>

        public init(name: String, size: Int, unrolls: Set<LoopDimension>) {
            self.name = name
            self.size = size
            self.unrolls = unrolls
        }
    }

    /// A memory of the hierarchy, with one instance for each cell or for all cells of some axes.
    public struct Level: Sendable, Hashable, Codable {
        public var name: String
        public var operands: Set<LoopOperand>
        /// Bytes of one instance.
        public var size: Bytes
        /// Bits of the smallest access: less costs as much.
        public var word: Bits
        /// `true` when half of it fills while the other half is read.
        public var doubleBuffered: Bool
        /// Names of the axes whose cells share one instance; empty for a store in every cell.
        public var serves: Set<String>
        public var readEnergyPerBit: EnergyPerBit
        public var writeEnergyPerBit: EnergyPerBit
        /// Most that one instance delivers; nil where it never binds.
        public var readBandwidth: Bandwidth?
        /// Most that one instance takes in; nil where it never binds.
        public var writeBandwidth: Bandwidth?

        public init(
            name: String, operands: Set<LoopOperand>, size: Bytes, word: Bits, doubleBuffered: Bool,
            serves: Set<String>,
            readEnergyPerBit: EnergyPerBit, writeEnergyPerBit: EnergyPerBit, readBandwidth: Bandwidth?,
            writeBandwidth: Bandwidth?
        ) {
            self.name = name
            self.operands = operands
            self.size = size
            self.word = word
            self.doubleBuffered = doubleBuffered
            self.serves = serves
            self.readEnergyPerBit = readEnergyPerBit
            self.writeEnergyPerBit = writeEnergyPerBit
            self.readBandwidth = readBandwidth
            self.writeBandwidth = writeBandwidth
        }
    }

    public var axes: [Axis]
    /// From the cells outwards.
    public var levels: [Level]

    public init(axes: [Axis], levels: [Level]) {
        self.axes = axes
        self.levels = levels
    }
}
