public import Quantities

/// An arithmetic operation whose energy is published by width.
public enum OperationKind: String, Sendable, Hashable, Codable, CaseIterable {
    case integerMultiply
    case integerAdd
    case floatMultiply
    case floatAdd

    /// What the energy grows with: a multiplier is an area of adders, an adder a line.
    func size(_ width: Double) -> Double {
        switch self {
        case .integerMultiply, .floatMultiply: width * width
        case .integerAdd, .floatAdd: width
        }
    }

    /// The place in `allCases`.
    var position: Int {
        switch self {
        case .integerMultiply: 0
        case .integerAdd: 1
        case .floatMultiply: 2
        case .floatAdd: 3
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
