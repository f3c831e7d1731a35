import Diagnostics
import Tensors

/// Computation with constants while a graph is read: what exporters write around shapes.
extension ONNXConstant {
    /// Two constants element by element, a single element combined with all.
    func combined(
        with other: ONNXConstant, as operation: ONNXOperation, real: (Float, Float) -> Float,
        integer: (Int, Int) -> Int?
    ) throws -> ONNXConstant {
        let (left, right) = (tensor, other.tensor)
        let (first, second) = (left.shape.elementCount, right.shape.elementCount)
        guard left.elementType == right.elementType, left.shape == right.shape || first == 1 || second == 1 else {
            throw Diagnostic("constants of \(left.shape) and \(right.shape) cannot be combined")
        }
        let shape = first == 1 && (second != 1 || right.shape.rank > left.shape.rank) ? right.shape : left.shape
        let pairs = (0..<shape.elementCount).map { (first == 1 ? 0 : $0, second == 1 ? 0 : $0) }
        let name = operation.node.output.first ?? ""
        guard let leftIntegers = left.integers, let rightIntegers = right.integers else {
            let (leftFloats, rightFloats) = (left.floats, right.floats)
            let values = pairs.map { real(leftFloats[$0], rightFloats[$1]) }
            return ONNXConstant(name: name, tensor: Tensor(shape, values))
        }
        let values = try pairs.map { place in
            guard let value = integer(leftIntegers[place.0], rightIntegers[place.1]) else {
                throw Diagnostic("the constants have no such quotient")
            }
            return value
        }
        guard let tensor = Tensor(shape, integers: values, storedAs: left.elementType) else {
            throw Diagnostic("the result does not fit into \(left.elementType.rawValue)")
        }
        return ONNXConstant(name: name, tensor: tensor)
    }

    /// The elements of the outermost axis at `places`.
    func rows(_ places: [Int], shape: Shape, name: String) -> ONNXConstant {
        let width = tensor.shape.rank == 0 ? 1 : tensor.shape.elementCount / max(tensor.shape[0], 1)
        func gather<T>(_ values: [T]) -> [T] { places.flatMap { values[$0 * width..<($0 + 1) * width] } }
        let elements: Tensor.Elements =
            switch tensor.elements {
            case .float32(let values): .float32(gather(values))
            case .int8(let values): .int8(gather(values))
            case .uint8(let values): .uint8(gather(values))
            case .int16(let values): .int16(gather(values))
            case .int32(let values): .int32(gather(values))
            case .int64(let values): .int64(gather(values))
            }
        return ONNXConstant(name: name, tensor: Tensor(shape: shape, elements: elements))
    }
}
