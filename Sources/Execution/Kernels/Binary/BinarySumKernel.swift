import Diagnostics
import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// A convolution or fully connected layer of -1 and +1, or of -1, 0 and +1, by counts of differing bits.
///
/// A sum of K products of signs is `K - 2 * count`. A result of signs compares the count with a limit; every other result
/// is requantized from the sum. Zeros around an image are read as +1 and taken out of the terms of the outputs they touch.
/// Where inputs or weights are zero, the count is over what is not zero.
struct BinarySumKernel: LayerKernel {
    /// What becomes of sums.
    private enum Output: Sendable {
        case signs
        /// Nil where a sum is the output element itself.
        case elements(SumRequantization?)
    }

    private let geometry: BinaryGeometry
    private let weights: BinaryWeights
    private let channels: Int
    private let output: Output
    private let result: ResultType
    private let bits: dt_bits_level
    private let level: dt_level

    /// Outputs whose sums stay in the first cache.
    private static let chunk = 64

    /// - Returns: nil for layers of other numbers, where a sum could leave the accumulator, and where places decide results.
    init?(_ layer: Layer, bits: dt_bits_level, level: dt_level) {
        guard let weighted = WeightedLayer(layer), !weighted.isDepthwise, layer.inputs[0].elementType == .int8,
            let input = layer.inputs[0].quantization, input.format == .bipolar || input.format == .ternary,
            input.zeroPoint == 0, let grid = layer.inputs[1].quantization, grid.zeroPoints.allSatisfy({ $0 == 0 }),
            let signs = layer.inputs[1].constant?.integers, signs.allSatisfy({ (-1...1).contains($0) }),
            let target = layer.results[0].quantization,
            grid.scales.count == 1 || grid.scales.count == weighted.channels
        else { return nil }
        let isBinary = input.format == .bipolar && !signs.contains(0)
        guard let geometry = BinaryGeometry(layer, wordsEach: isBinary ? 1 : 2) else { return nil }
        let bias =
            layer.inputs.count > 2 ? layer.inputs[2].constant?.integers : [Int](repeating: 0, count: weighted.channels)
        guard let bias else { return nil }
        let bound = SumBound(weights: signs, bias: bias, channelIsLast: false, input: -1...1)
        let accumulator = layer.arithmetic.accumulator
        guard bound.largest <= min(accumulator.range.upperBound, BinarySumKernel.largestSum) else { return nil }
        let isSigns = target.format == .bipolar && isBinary
        guard !isSigns || layer.results[0].elementType == .int8 else { return nil }
        if isSigns {
            output = .signs
        } else {
            let requantization = ChannelRequantization(
                input: input, weights: grid, output: target, activation: weighted.activation,
                rule: weighted.rule, accumulator: accumulator, channels: weighted.channels)
            let isIdentity = requantization.keepsSums(upTo: bound.largest)
            guard isIdentity || !weighted.rule.isStochastic else { return nil }
            output = .elements(
                isIdentity ? nil : SumRequantization(requantization, weighted: weighted, accumulator: accumulator))
        }
        self.geometry = geometry
        weights = BinaryWeights(signs, bias: bias, geometry: geometry, isLimit: isSigns)
        (channels, result, self.bits, self.level) = (weighted.channels, layer.results[0], bits, level)
    }

    /// Sums up to here are exact in every form of requantization.
    private static let largestSum = 1 << 24

    private var stride: Int { ChannelBlocks.count(channels / geometry.groups) * ChannelBlocks.size }

    private func wordCount(cases: Int) -> Int { geometry.imageWords * (geometry.isFlat ? geometry.images * cases : 1) }

    func workspaceBytes(cases: Int) -> Int {
        (wordCount(cases: cases) + BinarySumKernel.chunk * stride) * MemoryLayout<Int32>.size
    }

    func run(_ run: LayerRun) throws {
        switch result.elementType {
        case .int8: try outputs(run, of: Int8.self)
        case .uint8: try outputs(run, of: UInt8.self)
        case .int16: try outputs(run, of: Int16.self)
        case .int32: try outputs(run, of: Int32.self)
        case .int64: try outputs(run, of: Int64.self)
        case .float32: throw Diagnostic.mixedOperands
        }
    }

    private func outputs<Element: FixedWidthInteger>(_ run: LayerRun, of type: Element.Type) throws {
        let count = wordCount(cases: run.cases)
        let sums = run.workspace.bindMemory(to: Int32.self, capacity: BinarySumKernel.chunk * stride)
        let words = (run.workspace + BinarySumKernel.chunk * stride * MemoryLayout<Int32>.size)
            .bindMemory(to: UInt32.self, capacity: count)
        let target = run.output(0, as: type)
        let source = run.input(0, as: Int8.self)
        let numbers = geometry.groups * geometry.depth
        if geometry.isFlat {
            let pixels = geometry.pixels * run.cases
            pack(source, pixels: pixels, into: words)
            let piece = BinaryGeometry.Piece(first: 0, count: pixels, outside: 0)
            compute(piece, from: words, sums: sums, into: target)
            return
        }
        if geometry.padding != Window.Margins() { words.initialize(repeating: 0, count: count) }
        for image in 0..<run.cases * geometry.images {
            for row in 0..<geometry.height {
                let place = (row + geometry.padding.top) * geometry.paddedWidth + geometry.padding.left
                let first = (image * geometry.height + row) * geometry.width * numbers
                pack(source + first, pixels: geometry.width, into: words + place * geometry.pixelWords)
            }
            for (line, pieces) in geometry.lines.enumerated() {
                let start = target + (image * geometry.lines.count + line) * geometry.pixels * channels
                for piece in pieces {
                    compute(piece, from: words + line * geometry.lineStep, sums: sums, into: start)
                }
            }
        }
    }

    private func pack(_ numbers: UnsafePointer<Int8>, pixels: Int, into words: UnsafeMutablePointer<UInt32>) {
        let (rows, depth) = (pixels * geometry.groups, Int32(geometry.depth))
        if geometry.wordsEach == 1 {
            dt_pack_signs(bits, rows, depth, numbers, geometry.groupWords, words)
        } else {
            dt_pack_ternary(bits, rows, depth, numbers, geometry.groupWords, words)
        }
    }

    /// The outputs of a piece of a line, whose words and elements start at `words` and `target`.
    private func compute<Element: FixedWidthInteger>(
        _ piece: BinaryGeometry.Piece, from words: UnsafePointer<UInt32>, sums: UnsafeMutablePointer<Int32>,
        into target: UnsafeMutablePointer<Element>
    ) {
        let groupChannels = channels / geometry.groups
        for group in 0..<geometry.groups {
            let terms = weights.terms[piece.outside][group]
            let source = words + group * geometry.groupWords
            switch output {
            case .signs:
                let place = UnsafeMutableRawPointer(target + piece.first * channels + group * groupChannels)
                line(count: piece.count) { line in
                    dt_bit_signs(
                        bits, &line, source + piece.first * geometry.pixelStep, weights.words[group], terms,
                        Int32(groupChannels), channels, place.assumingMemoryBound(to: Int8.self))
                }
            case .elements(let requantization):
                for first in Swift.stride(from: piece.first, to: piece.first + piece.count, by: BinarySumKernel.chunk) {
                    let count = min(BinarySumKernel.chunk, piece.first + piece.count - first)
                    line(count: count) { line in
                        let place = source + first * geometry.pixelStep
                        if geometry.wordsEach == 1 {
                            dt_bit_sums(bits, &line, place, weights.words[group], terms, sums)
                        } else {
                            dt_ternary_sums(
                                bits, &line, Int32(weights.planes), place, weights.words[group], terms, sums)
                        }
                    }
                    requantization?.apply(to: sums, pixels: count, group: group, level: level)
                    let place = target + first * channels + group * groupChannels
                    for pixel in 0..<count {
                        let (row, from) = (place + pixel * channels, sums + pixel * stride)
                        for channel in 0..<groupChannels { row[channel] = Element(truncatingIfNeeded: from[channel]) }
                    }
                }
            }
        }
    }

    private func line(count: Int, _ body: (inout dt_line) -> Void) {
        geometry.segments.withUnsafeBufferPointer { segments in
            var line = dt_line(
                segments: segments.baseAddress, segment_count: Int32(segments.count), run: Int32(geometry.run),
                pixel_step: geometry.pixelStep, pixels: Int32(count), blocks: Int32(stride / ChannelBlocks.size))
            body(&line)
        }
    }
}

extension BinaryGeometry {
    /// - Returns: nil for layers of another kind and for images too large with their padding.
    init?(_ layer: Layer, wordsEach: Int) {
        let (image, weights) = (layer.inputs[0].shape, layer.inputs[1].shape)
        if let convolution = layer.node.operation as? Convolution2D {
            self.init(
                convolution: convolution, image: image, filters: weights, output: layer.results[0].shape,
                wordsEach: wordsEach)
        } else if layer.node.operation is FullyConnected {
            self.init(rows: image.elementCount / weights[1], depth: weights[1], wordsEach: wordsEach)
        } else {
            return nil
        }
    }
}
