import Diagnostics
import FixedPoint
import Networks
import Tensors

extension Interpreter {
    /// The inputs as the network takes them: reals for a quantized input are put on its grid.
    ///
    /// - Throws: `Diagnostic` when an input has the wrong shape or type, or elements that its format does not have.
    func admitted(_ batch: CaseBatch) throws -> [Tensor.Elements] {
        guard batch.shapes.count == ports.inputs.count else {
            throw Diagnostic("\(batch.shapes.count) inputs for a network that takes \(ports.inputs.count)")
        }
        return try ports.inputs.indices.map { place in
            let port = ports.inputs[place]
            guard batch.shapes[place] == port.value.shape else {
                throw Diagnostic(
                    "input '\(port.value.name)' is of \(port.value.shape), not of \(batch.shapes[place])")
            }
            return try admitted(batch.elements[place], at: port)
        }
    }

    private func admitted(_ elements: Tensor.Elements, at port: Port) throws -> Tensor.Elements {
        let isStored = elements.type == port.value.elementType
        let admitted = isStored ? elements : try quantized(elements, as: port.value)
        guard admitted.type == port.value.elementType else {
            throw Diagnostic(
                "input '\(port.value.name)' holds \(port.value.elementType.rawValue), not \(elements.type.rawValue)")
        }
        if let format = port.strictFormat {
            let flat = Tensor(shape: [admitted.count], elements: admitted)
            if let stray = flat.integers?.first(where: { !format.contains($0) }) {
                throw Diagnostic("input '\(port.value.name)' holds \(stray), which is not one of its numbers")
            }
        }
        return admitted
    }

    /// Reals on the grid of a quantized value; other elements as they are.
    private func quantized(_ elements: Tensor.Elements, as value: Value) throws -> Tensor.Elements {
        guard elements.type == .float32, value.elementType != .float32, let grid = value.quantization else {
            return elements
        }
        let shape = value.shape
        let type = ResultType(shape: shape, elementType: value.elementType, quantization: grid)
        let arithmetic = Arithmetic(runtime: network.runtime)
        let cases = try (0..<elements.count / max(shape.elementCount, 1)).map { index in
            let piece = elements[index * shape.elementCount..<(index + 1) * shape.elementCount]
            let operand = Operand(Tensor(shape: shape, elements: piece))
            return try Quantize().evaluate([operand], results: [type], arithmetic: arithmetic)[0].elements
        }
        return cases.isEmpty ? elements : Tensor.Elements(joining: cases)
    }
}
