import Diagnostics
public import Tensors
public import Workloads

/// For rows of bits and a matrix `inner x outputs` of bits, how many bits of a row equal those of each column.
///
/// Bits are the reals 0 and 1 (XnorPopcountMatMul of QONNX).
public struct XnorPopcountProduct: Operator {
    public static let name = "xnorPopcountProduct"

    public init() {}

    public var computeClass: ComputeClass { .fullyConnected }
    public var weightOperand: Int? { 1 }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2, inputs[0].rank >= 1, inputs[1].rank == 2, inputs[0].extents.last == inputs[1][0],
            let shape = Shape(checking: inputs[0].extents.dropLast() + [inputs[1][1]])
        else { throw Diagnostic("bits of \(inputs.map(\.description)) cannot be multiplied") }
        return [shape]
    }

    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        var loops = LoopNest()
        loops.outputChannels = inputs[1][1]
        loops.inputChannels = inputs[1][0]
        loops.batch = outputs[0].elementCount / max(inputs[1][1], 1)
        return loops
    }
}

extension XnorPopcountProduct {
    /// Half the sum of the products of `2 * bit - 1`, with the inner extent added to it, in float32.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].requireReal()
        let (inner, outputs) = (operands[1].shape[0], operands[1].shape[1])
        let rows = operands[0].reals.map { 2 * $0 - 1 }
        let matrix = operands[1].reals.map { 2 * $0 - 1 }
        let elements = (0..<results[0].shape.elementCount).map { place in
            let (row, column) = (place / outputs * inner, place % outputs)
            let sum = (0..<inner).reduce(Float(0)) { $0 + rows[row + $1] * matrix[$1 * outputs + column] }
            return (sum + Float(inner)) * 0.5
        }
        return [Tensor(results[0].shape, elements)]
    }
}
