import Networks
import Tensors

/// Padding on one grid: rows of the input between copies of one element.
struct PaddingKernel: LayerKernel {
    private let input: Shape
    private let output: Shape
    /// Elements of the output in front of the input along each axis.
    private let before: [Int]
    private let elementBytes: Int
    /// The bytes of the element around the input.
    private let fill: [UInt8]

    /// - Returns: nil for other operators, elements that change their grid, and empty tensors.
    init?(_ layer: Layer) {
        let (value, result) = (layer.inputs[0], layer.results[0])
        guard let operation = layer.node.operation as? Padding, layer.variables == [0],
            value.elementType == result.elementType, value.quantization == result.quantization,
            value.shape.elementCount > 0, value.shape.rank > 0
        else { return nil }
        // The definition says what the padding is: that of an input of one element.
        let one = Shape([Int](repeating: 1, count: value.shape.rank))
        let corner = Padding(
            before: [1] + one.extents.dropFirst().map { _ in 0 }, after: one.extents.map { _ in 0 },
            value: operation.value)
        let type = ResultType(
            shape: Shape([2] + one.extents.dropFirst()), elementType: result.elementType,
            quantization: result.quantization)
        guard let zero = Tensor(one, storedAs: value.elementType),
            let padded = try? corner.evaluate(
                [Operand(zero, quantization: value.quantization)], results: [type], arithmetic: layer.arithmetic)
        else { return nil }
        (input, output, before) = (value.shape, result.shape, operation.before)
        elementBytes = value.elementType.byteCount
        fill = Array(padded[0].littleEndianBytes.prefix(elementBytes))
    }

    func run(_ run: LayerRun) {
        let (source, target) = (run.inputs[0], run.outputs[0])
        let bytes = output.elementCount * elementBytes
        fillAll(target, bytes: bytes * run.cases)
        let (rowBytes, steps) = (input.extents[input.rank - 1] * elementBytes, output.strides)
        for index in 0..<run.cases {
            var position = [Int](repeating: 0, count: input.rank)
            let image = source + index * input.elementCount * elementBytes
            for row in 0..<input.elementCount / input.extents[input.rank - 1] {
                let place = position.indices.reduce(0) { $0 + (position[$1] + before[$1]) * steps[$1] }
                (target + index * bytes + place * elementBytes).copyMemory(
                    from: image + row * rowBytes, byteCount: rowBytes)
                advance(&position)
            }
        }
    }

    /// Moves to the next row.
    private func advance(_ position: inout [Int]) {
        for axis in position.indices.dropLast().reversed() {
            position[axis] += 1
            if position[axis] < input[axis] { return }
            position[axis] = 0
        }
    }

    private func fillAll(_ target: UnsafeMutableRawPointer, bytes: Int) {
        guard Set(fill).count > 1 else {
            target.initializeMemory(as: UInt8.self, repeating: fill[0], count: bytes)
            return
        }
        for element in stride(from: 0, to: bytes, by: elementBytes) {
            (target + element).copyMemory(from: fill, byteCount: elementBytes)
        }
    }
}

extension Tensor {
    /// Zeros; for a type of signs, which has none, they stand only for elements that nobody reads.
    fileprivate init?(_ shape: Shape, storedAs type: ElementType) {
        if type == .float32 {
            self.init(shape, [Float](repeating: 0, count: shape.elementCount))
        } else {
            self.init(shape, integers: [Int](repeating: 0, count: shape.elementCount), storedAs: type)
        }
    }
}
