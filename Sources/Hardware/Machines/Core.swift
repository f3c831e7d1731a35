public import Quantities

/// A processor core: what each class of instruction costs and how many start together.
public struct Core: Sendable, Hashable, Codable {
    /// How instructions are started.
    public enum Pipeline: String, Sendable, Hashable, Codable, CaseIterable {
        case inOrder
        case outOfOrder
    }

    /// The core's name, such as `Cortex-M4`.
    public var name: String
    /// Instruction set, such as `armv7e-m`.
    public var architecture: String
    public var pipeline: Pipeline
    /// Cores of this kind that can share one network.
    public var count: Int
    /// Instructions that can start in one cycle.
    public var issueWidth: Int
    /// Of these, loads and stores.
    public var memoryPorts: Int
    /// Of these, multiplications.
    public var multiplyUnits: Int
    /// Bits of a vector register; 0 for a core without vectors.
    public var vectorWidth: Bits
    /// Issue cost of each class that the core has; a class that is missing has no instruction.
    public var costs: [InstructionClass: CycleCost]

    public init(
        name: String, architecture: String, pipeline: Pipeline, count: Int, issueWidth: Int, memoryPorts: Int,
        multiplyUnits: Int, vectorWidth: Bits, costs: [InstructionClass: CycleCost]
    ) {
        self.name = name
        self.architecture = architecture
        self.pipeline = pipeline
        self.count = count
        self.issueWidth = issueWidth
        self.memoryPorts = memoryPorts
        self.multiplyUnits = multiplyUnits
        self.vectorWidth = vectorWidth
        self.costs = costs
    }

    /// `true` when the core has an instruction of every class named.
    public func has(_ classes: Set<InstructionClass>) -> Bool {
        classes.allSatisfy { costs[$0] != nil }
    }
}
