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

    /// - Returns: nil for other operators, dilated windows, for elements that change their grid and for sums that are requantized.
    init?(_ layer: Layer) {
        guard layer.variables == [0], let pooling = WindowedPooling(layer.node.operation) else { return nil }
        (window, kernel) = (pooling.window, pooling.kernel)
        (isAverage, activation) = (pooling.isAverage, pooling.activation)
        (image, result) = (layer.inputs[0].shape, layer.results[0])
        guard layer.inputs[0].elementType == result.elementType, window.dilationHeight == 1, window.dilationWidth == 1
        else { return nil }
        if let input = layer.inputs[0].quantization, let output = result.quantization {
            guard input.scale == output.scale, input.zeroPoint == output.zeroPoint, input.format.bits <= 16,
                result.elementType != .float32, !isAverage || layer.arithmetic.runtime.elementwise.dividesIntegers
            else { return nil }
            grid = OutputGrid(output, activation: activation)
        } else {
            guard result.elementType == .float32, layer.inputs[0].quantization == nil, result.quantization == nil else {
                return nil
            }
            grid = nil
        }
    }

    /// One total for each channel.
    func workspaceBytes(cases: Int) -> Int { image[3] * MemoryLayout<Int>.size }

    func run(_ run: LayerRun) throws {
        for index in 0..<run.cases {
            switch result.elementType {
            case .int8: try integers(run, case: index, of: Int8.self)
            case .uint8: try integers(run, case: index, of: UInt8.self)
            case .int16: try integers(run, case: index, of: Int16.self)
            case .int32: try integers(run, case: index, of: Int32.self)
            case .int64: try integers(run, case: index, of: Int64.self)
            case .float32: reals(run, case: index)
            }
        }
    }

    private func integers<Element: FixedWidthInteger>(
        _ run: LayerRun, case index: Int, of type: Element.Type
    ) throws {
        guard let grid else { throw Diagnostic.mixedOperands }
        if isAverage {
            pool(
                run, case: index, of: type, start: 0, add: { $0 &+ Int(truncatingIfNeeded: $1) },
                finish: { total, count in
                    let quotient = (total > 0 ? total + count / 2 : total - count / 2) / count
                    return Element(truncatingIfNeeded: grid.element(quotient - grid.zeroPoint))
                })
        } else {
            pool(
                run, case: index, of: type, start: Int.min, add: { max($0, Int(truncatingIfNeeded: $1)) },
                finish: { total, _ in Element(truncatingIfNeeded: grid.element(total - grid.zeroPoint)) })
        }
    }

    private func reals(_ run: LayerRun, case index: Int) {
        if isAverage {
            pool(
                run, case: index, of: Float.self, start: Float(0), add: { $0 + $1 },
                finish: { total, count in activation.clamped(total / Float(count)) })
        } else {
            pool(
                run, case: index, of: Float.self, start: -Float.infinity, add: { max($0, $1) },
                finish: { total, _ in activation.clamped(total) })
        }
    }

    @inline(__always)
    private func pool<Element, Total>(
        _ run: LayerRun, case index: Int, of type: Element.Type, start: Total, add: (Total, Element) -> Total,
        finish: (Total, Int) -> Element
    ) {
        let channels = image[3]
        let totals = run.workspace.bindMemory(to: Total.self, capacity: channels)
        let source = run.input(0, as: type) + index * image.elementCount
        var target = run.output(0, as: type) + index * result.shape.elementCount
        for place in 0..<result.shape.elementCount / max(channels, 1) {
            let (batch, rows, columns) = span(place)
            totals.initialize(repeating: start, count: channels)
            for row in rows {
                for column in columns {
                    let pixel = source + ((batch * image[1] + row) * image[2] + column) * channels
                    for channel in 0..<channels { totals[channel] = add(totals[channel], pixel[channel]) }
                }
            }
            for channel in 0..<channels { target[channel] = finish(totals[channel], rows.count * columns.count) }
            target += channels
        }
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
