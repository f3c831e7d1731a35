import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// Pooling of bytes whose input and output lie on one grid, all channels of a place together.
struct BytePoolingKernel: LayerKernel {
    private let window: Window
    private let kernel: (height: Int, width: Int)
    private let isAverage: Bool
    private let grid: OutputGrid
    private let isUnsigned: Bool
    private let image: Shape
    private let result: Shape
    private let level: dt_level

    /// - Returns: nil for other operators, dilated windows, bytes that change their grid and sums that are requantized.
    init?(_ layer: Layer, level: dt_level) {
        guard layer.variables == [0], let pooling = WindowedPooling(layer.node.operation),
            pooling.window.dilationHeight == 1, pooling.window.dilationWidth == 1,
            layer.inputs[0].elementType == layer.results[0].elementType,
            layer.results[0].elementType.byteCount == 1, let input = layer.inputs[0].quantization,
            let output = layer.results[0].quantization,
            output.format.encoding != .bipolar || pooling.keepsSigns(input.format),
            input.scale == output.scale, input.zeroPoint == output.zeroPoint,
            pooling.kernel.height * pooling.kernel.width < 1 << 22,
            !pooling.isAverage || layer.arithmetic.runtime.elementwise.dividesIntegers
        else { return nil }
        (window, kernel, isAverage) = (pooling.window, pooling.kernel, pooling.isAverage)
        grid = OutputGrid(output, activation: pooling.activation)
        isUnsigned = layer.results[0].elementType == .uint8
        (image, result) = (layer.inputs[0].shape, layer.results[0].shape)
        self.level = level
    }

    /// A sum for each channel.
    func workspaceBytes(cases: Int) -> Int { image[3] * MemoryLayout<Int32>.size }

    func run(_ run: LayerRun) {
        let channels = image[3]
        var target = run.output(0, as: UInt8.self)
        let sums = run.workspace.bindMemory(to: Int32.self, capacity: channels)
        for batch in 0..<run.cases * image[0] {
            let source = run.input(0, as: UInt8.self) + batch * image[1] * image[2] * channels
            for row in 0..<result[1] {
                for column in 0..<result[2] {
                    pool(source, row: row, column: column, sums: sums, into: target)
                    target += channels
                }
            }
        }
    }

    private func pool(
        _ source: UnsafePointer<UInt8>, row: Int, column: Int, sums: UnsafeMutablePointer<Int32>,
        into target: UnsafeMutablePointer<UInt8>
    ) {
        let channels = image[3]
        let top = row * window.strideHeight - window.padding.top
        let left = column * window.strideWidth - window.padding.left
        let rows = max(top, 0)..<min(top + kernel.height, image[1])
        let columns = max(left, 0)..<min(left + kernel.width, image[2])
        let unsigned: Int32 = isUnsigned ? 1 : 0
        if isAverage {
            sums.initialize(repeating: 0, count: channels)
        } else {
            target.initialize(repeating: isUnsigned ? 0 : 0x80, count: channels)
        }
        for line in rows {
            let place = source + (line * image[2] + columns.lowerBound) * channels
            if isAverage {
                dt_add_rows(level, place, unsigned, columns.count, channels, sums)
            } else {
                dt_raise_rows(level, place, unsigned, columns.count, channels, target)
            }
        }
        if isAverage {
            let count = Int32(rows.count * columns.count)
            dt_average_bytes(level, sums, count, channels, Int32(grid.lower), Int32(grid.upper), target)
        } else {
            clamp(target)
        }
    }

    /// The clamp fused behind a maximum.
    private func clamp(_ target: UnsafeMutablePointer<UInt8>) {
        let (lowest, highest) = isUnsigned ? (0, 255) : (-128, 127)
        guard grid.lower > lowest || grid.upper < highest else { return }
        for channel in 0..<image[3] {
            let element = isUnsigned ? Int(target[channel]) : Int(Int8(bitPattern: target[channel]))
            target[channel] = UInt8(truncatingIfNeeded: min(max(element, grid.lower), grid.upper))
        }
    }
}

extension WindowedPooling {
    /// Whether elements of `format` that are signs become signs by their maximum alone.
    fileprivate func keepsSigns(_ format: NumberFormat) -> Bool {
        !isAverage && activation == .none && format.encoding == .bipolar
    }
}
