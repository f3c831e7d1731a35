import Networks
import Tensors

/// A map of bytes to bytes, element by element, looked up in the results of its definition.
struct ElementTableKernel: LayerKernel {
    /// The result for each byte.
    private let table: [UInt8]
    private let count: Int

    /// - Returns: nil for other operators, other elements and maps that their definition refuses.
    init?(_ layer: Layer) {
        let (input, result) = (layer.inputs[0], layer.results[0])
        guard layer.node.operation is any ElementMap, layer.variables == [0], layer.inputs.count == 1,
            input.shape == result.shape, input.elementType.byteCount == 1, result.elementType.byteCount == 1,
            input.quantization?.axis == nil, result.quantization?.axis == nil
        else { return nil }
        let type = ResultType(shape: [256], elementType: result.elementType, quantization: result.quantization)
        let bytes = (0...255).map { UInt8($0) }
        let elements: Tensor.Elements =
            input.elementType == .uint8 ? .uint8(bytes) : .int8(bytes.map { Int8(bitPattern: $0) })
        let operand = Operand(Tensor(shape: [256], elements: elements), quantization: input.quantization)
        let results = try? layer.node.operation.evaluate([operand], results: [type], arithmetic: layer.arithmetic)
        switch results?.first?.elements {
        case .int8(let values): table = values.map { UInt8(bitPattern: $0) }
        case .uint8(let values): table = values
        case .float32, .int16, .int32, .int64, nil: return nil
        }
        count = result.shape.elementCount
    }

    func run(_ run: LayerRun) {
        let (source, target) = (run.input(0, as: UInt8.self), run.output(0, as: UInt8.self))
        table.withUnsafeBufferPointer { table in
            for place in 0..<count * run.cases { target[place] = table[Int(source[place])] }
        }
    }
}
