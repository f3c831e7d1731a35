import Diagnostics
import FixedPoint
import Networks
import Tensors

extension Interpreter {
    /// The inputs as the network takes them: reals for a quantized input are put on its grid.
    ///
    /// - Throws: `Diagnostic` when an input has the wrong shape or type, or elements that its format does not have.
    func admitted(_ inputs: [Tensor]) throws -> [Tensor] {
        guard inputs.count == network.inputs.count else {
            throw Diagnostic("\(inputs.count) inputs for a network that takes \(network.inputs.count)")
        }
        return try zip(network.inputs, inputs).map { id, tensor in
            let value = network[id]
            guard tensor.shape == value.shape else {
                throw Diagnostic("input '\(value.name)' is of \(value.shape), not of \(tensor.shape)")
            }
            let admitted = try quantized(tensor, as: value)
            guard admitted.elementType == value.elementType else {
                throw Diagnostic(
                    "input '\(value.name)' holds \(value.elementType.rawValue), not \(tensor.elementType.rawValue)")
            }
            if let format = value.quantization?.format, !Interpreter.fills(format, value.elementType),
                let stray = admitted.integers?.first(where: { !format.contains($0) })
            {
                throw Diagnostic("input '\(value.name)' holds \(stray), which is not one of its numbers")
            }
            return admitted
        }
    }

    /// Whether every stored integer is an element of the format.
    private static func fills(_ format: NumberFormat, _ type: ElementType) -> Bool {
        switch format.encoding {
        case .twosComplement: type != .uint8 && format.bits >= type.byteCount * 8
        case .unsigned: type == .uint8 && format.bits >= 8
        case .symmetric, .bipolar, .ternary: false
        }
    }

    private func quantized(_ tensor: Tensor, as value: Value) throws -> Tensor {
        guard tensor.elementType == .float32, value.elementType != .float32, let grid = value.quantization else {
            return tensor
        }
        let type = ResultType(shape: value.shape, elementType: value.elementType, quantization: grid)
        let arithmetic = Arithmetic(runtime: network.runtime)
        return try Quantize().evaluate([Operand(tensor)], results: [type], arithmetic: arithmetic)[0]
    }
}
