import Diagnostics
import FixedPoint
import Networks
import Tensors

/// Pooling whose input and output lie on one grid, or on reals, all channels of a place together.
struct PoolingKernel: LayerKernel {
    private let window: Window
    private let kernel: (height: Int, width: Int)
    private let isAverage: Bool
    private let activation: Activation
    private let grid: OutputGrid?
    private let image: Shape
    private let result: ResultType

    /// - Returns: nil for other operators, dilated windows, for elements that change their grid and for sums of family `float`.
    init?(_ layer: Layer) {
        guard layer.variables == [0] else { return nil }
        if let operation = layer.node.operation as? AveragePool2D {
            (window, kernel) = (operation.window, (operation.kernelHeight, operation.kernelWidth))
            (isAverage, activation) = (true, operation.activation)
        } else if let operation = layer.node.operation as? MaxPool2D {
            (window, kernel) = (operation.window, (operation.kernelHeight, operation.kernelWidth))
            (isAverage, activation) = (false, operation.activation)
        } else {
            return nil
        }
        (image, result) = (layer.inputs[0].shape, layer.results[0])
        guard layer.inputs[0].elementType == result.elementType, window.dilationHeight == 1, window.dilationWidth == 1
        else { return nil }
        if let input = layer.inputs[0].quantization, let output = result.quantization {
            guard input.scale == output.scale, input.zeroPoint == output.zeroPoint, input.format.bits <= 16,
                result.elementType != .float32, !(isAverage && layer.arithmetic.runtime.elementwise == .float)
            else { return nil }
            grid = OutputGrid(output, activation: activation)
        } else {
            guard result.elementType == .float32, layer.inputs[0].quantization == nil, result.quantization == nil else {
                return nil
            }
            grid = nil
        }
    }

    func run(_ inputs: [Tensor]) throws -> [Tensor] {
        let elements: Tensor.Elements =
            switch inputs[0].elements {
            case .int8(let values): .int8(try integers(values))
            case .uint8(let values): .uint8(try integers(values))
            case .int16(let values): .int16(try integers(values))
            case .int32(let values): .int32(try integers(values))
            case .int64(let values): .int64(try integers(values))
            case .float32(let values): .float32(reals(values))
            }
        return [Tensor(shape: result.shape, elements: elements)]
    }

    private func integers<Element: FixedWidthInteger>(_ source: [Element]) throws -> [Element] {
        guard let grid else { throw Diagnostic.mixedOperands }
        guard isAverage else {
            return pooled(
                source, start: Int.min, add: { max($0, Int($1)) },
                finish: { total, _ in Element(truncatingIfNeeded: grid.element(total - grid.zeroPoint)) })
        }
        return pooled(
            source, start: 0, add: { $0 &+ Int($1) },
            finish: { total, count in
                let quotient = (total > 0 ? total + count / 2 : total - count / 2) / count
                return Element(truncatingIfNeeded: grid.element(quotient - grid.zeroPoint))
            })
    }

    private func reals(_ source: [Float]) -> [Float] {
        guard isAverage else {
            return pooled(
                source, start: -Float.infinity, add: { max($0, $1) }, finish: { total, _ in activation.clamped(total) })
        }
        return pooled(
            source, start: 0, add: { $0 + $1 }, finish: { total, count in activation.clamped(total / Float(count)) })
    }

    @inline(__always)
    private func pooled<Element, Total>(
        _ source: [Element], start: Total, add: (Total, Element) -> Total, finish: (Total, Int) -> Element
    ) -> [Element] {
        var pooled: [Element] = []
        pooled.reserveCapacity(result.shape.elementCount)
        let channels = image[3]
        var totals = [Total](repeating: start, count: channels)
        for place in 0..<result.shape.elementCount / max(channels, 1) {
            let (batch, rows, columns) = span(place)
            for channel in 0..<channels { totals[channel] = start }
            for row in rows {
                for column in columns {
                    let base = ((batch * image[1] + row) * image[2] + column) * channels
                    for channel in 0..<channels { totals[channel] = add(totals[channel], source[base + channel]) }
                }
            }
            for total in totals { pooled.append(finish(total, rows.count * columns.count)) }
        }
        return pooled
    }

    /// The image rows and columns under the window of an output place.
    private func span(_ place: Int) -> (batch: Int, rows: Range<Int>, columns: Range<Int>) {
        let (height, width) = (result.shape[1], result.shape[2])
        let top = place / width % height * window.strideHeight - window.padding.top
        let left = place % width * window.strideWidth - window.padding.left
        let rows = max(top, 0)..<min(top + kernel.height, image[1])
        let columns = max(left, 0)..<min(left + kernel.width, image[2])
        return (place / (width * height), rows, columns)
    }
}
