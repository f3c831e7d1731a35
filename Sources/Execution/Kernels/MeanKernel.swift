import Diagnostics
import FixedPoint
import Networks
import Tensors

/// The mean over neighbouring axes, all elements behind them together.
struct MeanKernel: LayerKernel {
    private let count: Int
    private let inner: Int
    private let result: ResultType
    private let requantization: MeanRequantization?

    /// - Returns: nil for other operators, axes that are not neighbours, and empty tensors.
    init?(_ layer: Layer) {
        let (input, result) = (layer.inputs[0], layer.results[0])
        guard let operation = layer.node.operation as? Mean, let first = operation.axes.first,
            let last = operation.axes.last, operation.axes == Array(first...last), input.shape.elementCount > 0
        else { return nil }
        count = input.shape.extents[first...last].reduce(1, *)
        inner = input.shape.extents[(last + 1)...].reduce(1, *)
        self.result = result
        if let from = input.quantization, let output = result.quantization {
            guard input.elementType != .float32, result.elementType != .float32 else { return nil }
            requantization = MeanRequantization(
                from: from, grid: OutputGrid(output), scale: output.scale, count: count,
                family: layer.arithmetic.runtime.elementwise)
        } else {
            guard input.elementType == .float32, result.elementType == .float32 else { return nil }
            requantization = nil
        }
    }

    func run(_ inputs: [Tensor]) throws -> [Tensor] {
        switch inputs[0].elements {
        case .float32(let values):
            let sums = sums(values, from: Float(0)) { $0 + $1 }
            return [Tensor(result.shape, sums.map { $0 / Float(count) })]
        case .int8(let values): return [try integers(values)]
        case .uint8(let values): return [try integers(values)]
        case .int16(let values): return [try integers(values)]
        case .int32(let values): return [try integers(values)]
        case .int64(let values): return [try integers(values)]
        }
    }

    private func integers<Element: FixedWidthInteger>(_ values: [Element]) throws -> Tensor {
        guard let requantization else { throw Diagnostic.mixedOperands }
        let sums = sums(values, from: 0) { $0 &+ Int($1) }
        return try Tensor.result(sums.map(requantization.element), as: result)
    }

    @inline(__always)
    private func sums<Element, Sum>(_ values: [Element], from zero: Sum, _ add: (Sum, Element) -> Sum) -> [Sum] {
        var sums = [Sum](repeating: zero, count: values.count / count)
        for outer in 0..<values.count / (count * inner) {
            for row in 0..<count {
                let base = (outer * count + row) * inner
                for index in 0..<inner {
                    sums[outer * inner + index] = add(sums[outer * inner + index], values[base + index])
                }
            }
        }
        return sums
    }
}
