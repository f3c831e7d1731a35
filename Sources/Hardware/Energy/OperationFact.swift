public import Quantities

/// An arithmetic operation whose energy is published by width.
public enum OperationKind: String, Sendable, Hashable, Codable, CaseIterable {
    case integerMultiply
    case integerAdd
    case floatMultiply
    case floatAdd

    /// The power of the width with which the energy grows: a multiplier is an area of adders, an adder a line.
    var order: Int {
        switch self {
        case .integerMultiply, .floatMultiply: 2
        case .integerAdd, .floatAdd: 1
        }
    }
}

/// The energy of one operation at one width.
public struct OperationFact: Sendable, Hashable, Codable {
    public var kind: OperationKind
    /// Width of each operand.
    public var width: Bits
    public var energy: EnergyPerOperation

    public init(kind: OperationKind, width: Bits, energy: EnergyPerOperation) {
        self.kind = kind
        self.width = width
        self.energy = energy
    }
}

/// An operand of a product whose zeros keep the multiplier still.
public enum ZeroGate: String, Sendable, Hashable, Codable, CaseIterable {
    case activations
    case weights
}

/// Kinds of off-chip memory with a published energy of a bit.
public enum DRAMKind: String, Sendable, Hashable, Codable, CaseIterable {
    case lpddr2
    case lpddr4
    case ddr3
    case ddr4
    case gddr5
    case hbm2
}
