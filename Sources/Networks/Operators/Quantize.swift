import Diagnostics
public import Tensors
public import Workloads

/// The input on the grid of the output's quantization: from reals, or from another grid.
public struct Quantize: Operator {
    public static let name = "quantize"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("quantize takes one tensor") }
        return inputs
    }
}

extension Quantize {
    /// From reals by the runtime's `quantization`; from integers by its rule for grids; to +1 and -1 by signs.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, result) = (operands[0], results[0])
        let output = try result.requiredQuantization()
        if let input = operand.quantization {
            let (integers, rule) = (operand.integers, arithmetic.runtime.requantization)
            guard let map = ByteRegridding(from: input, to: output, rule: rule, count: integers.count) else {
                return [try arithmetic.moved(operand, to: result, order: { $0 })]
            }
            return [try Tensor.result(integers.indices.map { map.element(integers[$0], place: $0) }, as: result)]
        }
        guard case .float32(let reals) = operand.tensor.elements else { throw Diagnostic.mixedOperands }
        return [try result.quantized(reals, by: arithmetic.runtime.quantization)]
    }
}
