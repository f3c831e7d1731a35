import Diagnostics
import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// A layer with weights on integers, summed in 32 bits where that is proved to lose nothing.
struct IntegerSumKernel: LayerKernel {
    private let weighted: WeightedLayer
    private let level: dt_level
    private let inputType: ElementType
    private let zeroPoint: Int
    private let weights: [[Int16]]
    private let bias: [[Int32]]
    /// Nil where sums are the outputs.
    private let outputs: SumRequantization?
    private let result: ResultType
    let measuresPeak: Bool

    /// - Returns: nil when 32-bit sums of 16-bit products could differ from the definition.
    init?(_ layer: Layer, level: dt_level) {
        guard let weighted = WeightedLayer(layer), let input = layer.inputs[0].quantization,
            layer.inputs[0].elementType.byteCount <= 2, layer.inputs[0].elementType != .float32,
            let grid = layer.inputs[1].quantization, let constant = layer.inputs[1].constant,
            let integers = constant.integers, let output = layer.results[0].quantization,
            grid.scales.count == 1 || grid.scales.count == weighted.channels,
            !weighted.rule.isStochastic
        else { return nil }
        let centered = IntegerLayer.centered(integers, grid, shape: constant.shape)
        let bias: [Int]
        if layer.inputs.count > 2 {
            guard let constant = layer.inputs[2].constant?.integers else { return nil }
            bias = constant
        } else {
            bias = [Int](repeating: 0, count: weighted.channels)
        }
        let span = (input.format.minimum - input.zeroPoint)...(input.format.maximum - input.zeroPoint)
        let bound = SumBound(weights: centered, bias: bias, channelIsLast: weighted.isDepthwise, input: span)
        guard bound.fitsShortProducts, bound.allows(layer.arithmetic.accumulator) else { return nil }
        measuresPeak = bound.largest <= min(layer.arithmetic.accumulator.range.upperBound, Int(Int32.max))
        self.weighted = weighted
        self.level = level
        inputType = layer.inputs[0].elementType
        zeroPoint = input.zeroPoint
        weights = weighted.packed(centered, step: 2) { Int16(truncatingIfNeeded: $0) }
        self.bias = weighted.perGroup(bias) { Int32(truncatingIfNeeded: $0) }
        result = layer.results[0]
        let accumulator = layer.arithmetic.accumulator
        let requantization = ChannelRequantization(
            input: input, weights: grid, output: output, activation: weighted.activation,
            rule: weighted.rule, accumulator: accumulator, channels: weighted.channels)
        let keepsSums =
            bound.largest <= accumulator.range.upperBound && requantization.keepsSums(upTo: bound.largest)
        outputs =
            keepsSums ? nil : SumRequantization(requantization, weighted: weighted, accumulator: accumulator)
    }

    private var paddedElements: Int {
        weighted.geometry.batch * weighted.geometry.imageElements + 2 * ChannelBlocks.size
    }

    func workspaceBytes(cases: Int) -> Int { paddedElements * MemoryLayout<Int16>.size }

    func run(_ run: LayerRun) throws {
        let padded = run.workspace.bindMemory(to: Int16.self, capacity: paddedElements)
        padded.initialize(repeating: 0, count: paddedElements)
        for index in 0..<run.cases {
            switch inputType {
            case .int8: pad(run.input(0, as: Int8.self), case: index, into: padded)
            case .uint8: pad(run.input(0, as: UInt8.self), case: index, into: padded)
            case .int16: pad(run.input(0, as: Int16.self), case: index, into: padded)
            case .int32, .int64, .float32: throw Diagnostic.mixedOperands
            }
            let first = index * result.shape.elementCount
            switch result.elementType {
            case .int8: sum(padded, into: run.output(0, as: Int8.self) + first, peak: run.peak)
            case .uint8: sum(padded, into: run.output(0, as: UInt8.self) + first, peak: run.peak)
            case .int16: sum(padded, into: run.output(0, as: Int16.self) + first, peak: run.peak)
            case .int32: sum(padded, into: run.output(0, as: Int32.self) + first, peak: run.peak)
            case .int64: sum(padded, into: run.output(0, as: Int64.self) + first, peak: run.peak)
            case .float32: throw Diagnostic.mixedOperands
            }
        }
    }

    /// Copies the images of a case, zero points removed, into padded ones.
    private func pad<Element: FixedWidthInteger>(
        _ source: UnsafePointer<Element>, case index: Int, into padded: UnsafeMutablePointer<Int16>
    ) {
        let (geometry, zero) = (weighted.geometry, Int32(zeroPoint))
        let imageElements = geometry.height * geometry.width * geometry.channels
        let start = source + index * geometry.batch * imageElements
        for image in 0..<geometry.batch {
            geometry.pad(start + image * imageElements, into: padded + image * geometry.imageElements) {
                Int16(truncatingIfNeeded: Int32(truncatingIfNeeded: $0) &- zero)
            }
        }
    }

    private func sum<Element: FixedWidthInteger>(
        _ padded: UnsafePointer<Int16>, into target: UnsafeMutablePointer<Element>,
        peak: UnsafeMutablePointer<Int32>?
    ) {
        let line = SumLine(weighted, step: 2)
        let stride = line.blocks * ChannelBlocks.size
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: SumLine.chunk * stride) { scratch in
            guard let sums = scratch.baseAddress else { return }
            line.forEachChunk(weighted) { group, input, place, pixels, shape in
                if weighted.isDepthwise {
                    dt_depthwise_int16(level, &shape, padded + input, weights[group], bias[group], sums)
                } else {
                    dt_sum_int16(level, &shape, padded + input, weights[group], bias[group], sums)
                }
                if let peak { raise(peak, by: sums, pixels: pixels, stride: stride) }
                outputs?.apply(to: sums, pixels: pixels, group: group, level: level)
                let first = target + place * weighted.channels + group * weighted.groupChannels
                for pixel in 0..<pixels {
                    let (row, source) = (first + pixel * weighted.channels, sums + pixel * stride)
                    for channel in 0..<weighted.groupChannels {
                        row[channel] = Element(truncatingIfNeeded: source[channel])
                    }
                }
            }
        }
    }

    private func raise(_ peak: UnsafeMutablePointer<Int32>, by sums: UnsafePointer<Int32>, pixels: Int, stride: Int) {
        for pixel in 0..<pixels {
            for channel in 0..<weighted.groupChannels {
                let magnitude = sums[pixel * stride + channel].magnitude
                peak.pointee = max(peak.pointee, Int32(clamping: magnitude))
            }
        }
    }
}
