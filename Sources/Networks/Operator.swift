public import Tensors
public import Workloads

/// What a node of a network computes, with its attributes; operands are the node's inputs in order.
///
/// Image tensors are `batch x height x width x channels`. An operator knows its shapes, its loops and its meaning; it
/// knows nothing of devices.
public protocol Operator: Sendable, Hashable, Codable {
    /// The name in files and tables, lowerCamelCase.
    static var name: String { get }

    /// What kind of work this is to a machine.
    var computeClass: ComputeClass { get }

    /// The input that holds the weights, if the operator has weights; a bias follows it directly.
    var weightOperand: Int? { get }

    /// A list among the attributes that the device must hold, if there is one.
    var storedList: StoredList? { get }

    /// The places of those of `count` operands that training changes, where they are constants.
    func trainedOperands(of count: Int) -> [Int]

    /// The shapes of the results.
    ///
    /// - Throws: `Diagnostic` when the operands' shapes do not suit the operator.
    func outputShapes(of inputs: [Shape]) throws -> [Shape]

    /// The loops that compute the first result; `inputs` and `outputs` are shapes that belong together.
    func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest

    /// The results, by the definition that every faster path must equal bit for bit.
    ///
    /// Integer operands carry a quantization and give integer results; operands of reals give float32 results, every
    /// step rounded to float32 in a fixed order.
    /// - Precondition: operands and results have shapes that belong together.
    /// - Throws: `Diagnostic` when the operator has no meaning on these kinds of operands.
    func evaluate(_ operands: [Operand], results: [ResultType], arithmetic: Arithmetic) throws -> [Tensor]
}

extension Operator {
    public var name: String { Self.name }

    public var weightOperand: Int? { nil }

    public var storedList: StoredList? { nil }

    /// Weights and bias; every operand of an operator without weights.
    public func trainedOperands(of count: Int) -> [Int] {
        Array((weightOperand ?? 0)..<max(count, weightOperand ?? 0))
    }

    /// Element by element over the result.
    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        var loops = LoopNest()
        loops.outputChannels = outputs.first?.elementCount ?? 0
        return loops
    }
}
