public import FixedPoint

/// One operation of a network with the values it reads and writes.
public struct Node: Sendable {
    /// Unique in the network; the layer name in tables and plans.
    public var name: String
    public var operation: any Operator
    public var inputs: [ValueID]
    public var outputs: [ValueID]
    /// The register in which integer products are summed.
    public var accumulator: Accumulator

    public init(
        name: String, operation: any Operator, inputs: [ValueID], outputs: [ValueID], accumulator: Accumulator = .int32
    ) {
        self.name = name
        self.operation = operation
        self.inputs = inputs
        self.outputs = outputs
        self.accumulator = accumulator
    }

    /// The value that holds the weights, if the operator has weights.
    public var weights: ValueID? {
        operation.weightOperand.flatMap { $0 < inputs.count ? inputs[$0] : nil }
    }

    /// The value that holds the bias, if there is one.
    public var bias: ValueID? {
        operation.weightOperand.flatMap { $0 + 1 < inputs.count ? inputs[$0 + 1] : nil }
    }
}
