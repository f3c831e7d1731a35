import Diagnostics
import Foundation
import Networks
import Tensors
import Testing

/// Binary convolutions of our own making against the engine's count of differing bits, computed here once more.
@Suite struct LarqModelTests {
    /// A model with random attributes and weights, and an image for it.
    private func model(_ generator: inout SplitMix64) -> (LarqModel, [Float])? {
        let groups = 1 + generator.below(2)
        let depth = groups == 2 ? 32 * (1 + generator.below(2)) : 2 * (1 + generator.below(40))
        let image = [1 + generator.below(2), 3 + generator.below(6), 3 + generator.below(6)]
        let count = groups * (1 + generator.below(20))
        let kernel = (1 + generator.below(3), 1 + generator.below(3))
        let size = count * kernel.0 * kernel.1 * depth
        var model = LarqModel(
            image: image, filters: [count, kernel.0, kernel.1, depth], depth: depth,
            bits: (0..<size).map { _ in generator.below(2) == 1 },
            multipliers: (0..<count).map { _ in Float(generator.below(2001) - 1000) / 3000 },
            biases: (0..<count).map { _ in Float(generator.below(2001) - 1000) / 700 },
            thresholds: (0..<count).map { _ in Int32(generator.below(kernel.0 * kernel.1 * depth + 3) - 1) })
        model.groups = groups
        model.strides = (1 + generator.below(2), 1 + generator.below(2))
        model.dilations = (1 + generator.below(2), 1 + generator.below(2))
        model.isSame = generator.below(3) > 0
        model.padValue = generator.below(2)
        model.namesChoices = generator.below(3) == 0
        model.output = LarqModel.Output.allCases[generator.below(3)]
        model.activation = model.output == .signs ? 0 : [0, 0, 1, 3][generator.below(4)]
        func extent(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
            let room = model.isSame ? size - 1 : size - (kernel - 1) * dilation - 1
            return room < 0 ? 0 : room / stride + 1
        }
        model.outputExtents = (
            extent(image[1], kernel.0, model.strides.height, model.dilations.height),
            extent(image[2], kernel.1, model.strides.width, model.dilations.width)
        )
        guard model.outputExtents.height > 0, model.outputExtents.width > 0 else { return nil }
        let pixels = image.reduce(1, *) * depth * groups
        return (model, (0..<pixels).map { _ in Float(generator.below(7) - 3) / 4 })
    }

    /// Twice the bits that differ; zeros in the padding count a half each.
    private func counts(_ model: LarqModel, _ pixels: [Float]) -> [Int] {
        let (height, width, channels) = (model.image[1], model.image[2], model.depth * model.groups)
        let (count, rows, columns) = (model.filters[0], model.filters[1], model.filters[2])
        func before(_ size: Int, _ output: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
            model.isSame ? max((output - 1) * stride + (kernel - 1) * dilation + 1 - size, 0) / 2 : 0
        }
        let top = before(height, model.outputExtents.height, rows, model.strides.height, model.dilations.height)
        let left = before(width, model.outputExtents.width, columns, model.strides.width, model.dilations.width)
        var result: [Int] = []
        for place in 0..<model.image[0] * model.outputExtents.height * model.outputExtents.width {
            let (line, x) = (place / model.outputExtents.width, place % model.outputExtents.width)
            let (image, y) = (line / model.outputExtents.height, line % model.outputExtents.height)
            for output in 0..<count {
                var twice = 0
                for tap in 0..<rows * columns {
                    let row = y * model.strides.height - top + tap / columns * model.dilations.height
                    let column = x * model.strides.width - left + tap % columns * model.dilations.width
                    let isInside = (0..<height).contains(row) && (0..<width).contains(column)
                    for channel in 0..<model.depth {
                        let weight = model.bits[(output * rows * columns + tap) * model.depth + channel]
                        guard isInside || model.padValue == 1 else {
                            twice += 1
                            continue
                        }
                        let first = output / (count / model.groups) * model.depth
                        let pixel = ((image * height + row) * width + column) * channels + first + channel
                        twice += (isInside && pixels[pixel] < 0) != weight ? 2 : 0
                    }
                }
                result.append(twice)
            }
        }
        return result
    }

    /// The engine's outputs as reals: of floats, of bytes, or of signs.
    private func outputs(_ model: LarqModel, _ counts: [Int]) -> [Float] {
        let products = model.filters[1] * model.filters[2] * model.depth
        let range = [(-products, products), (0, products), (-1, 1), (0, min(6, products))][model.activation]
        let scale: Double = model.output == .byte ? Double(LarqModel.scale) : 1
        let zeroPoint: Double = model.output == .byte ? Double(LarqModel.zeroPoint) : 0
        return counts.enumerated().map { place, twice in
            let channel = place % model.filters[0]
            if model.output == .signs { return twice > 2 * Int(model.thresholds[channel]) ? -1 : 1 }
            let multiplier = Double(model.multipliers[channel])
            let factor = Float(-1 * multiplier / scale)
            let term = Float((Double(model.biases[channel]) + Double(products) * multiplier) / scale + zeroPoint)
            let clamped = max(min(twice, products - range.0), products - range.1)
            let product = Float(clamped) * factor
            let real = product + term
            guard model.output == .byte else { return real }
            return Float(Int(min(max(real.rounded(.toNearestOrAwayFromZero), -128), 127)))
        }
    }

    @Test(arguments: 0..<8) func outputsFollowTheEngine(_ seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        for _ in 0..<12 {
            guard let (model, pixels) = model(&generator) else { continue }
            let network = try TFLiteReader().read(Data(model.bytes), fileName: "model.tflite")
            let image = Tensor(Shape(model.image + [model.depth * model.groups]), pixels)
            let result = try network.evaluated([image])[0]
            let expected = outputs(model, counts(model, pixels))
            #expect(result.floats.map(\.bitPattern) == expected.map(\.bitPattern), "\(model)")
            #expect(try network.simplified().evaluated([image])[0] == result)
        }
    }

    @Test(arguments: [1, 31, 32, 45]) func poolsTakeTheLargestSign(_ channels: Int) throws {
        let (height, width) = (5, 4)
        let network = try TFLiteReader().read(
            Data(LarqModel.pool(height: height, width: width, channels: channels)), fileName: "pool.tflite")
        var generator = SplitMix64(seed: UInt64(channels))
        let pixels = (0..<height * width * channels).map { _ in Int8(generator.below(5) + 1) }
        let image = Tensor(shape: [1, height, width, channels], elements: .int8(pixels))
        let result = try network.evaluated([image])[0]
        #expect(result.shape == [1, 3, 2, channels])
        let expected = (0..<6 * channels).map { place in
            let (channel, column, row) = (place % channels, place / channels % 2, place / channels / 2)
            let places = (0..<4).map { (2 * row + $0 / 2, 2 * column + $0 % 2) }.filter {
                $0.0 < height && $0.1 < width
            }
            let isPositive = places.contains { pixels[($0.0 * width + $0.1) * channels + channel] >= 3 }
            return isPositive ? 4 : 2
        }
        #expect(result.integers == expected)
    }

    @Test func whatDoesNotSuitIsRefused() throws {
        var generator = SplitMix64(seed: 1)
        var found: LarqModel?
        while found == nil { found = model(&generator)?.0 }
        var sound = try #require(found)
        (sound.groups, sound.output, sound.activation, sound.namesChoices) = (1, .real, 0, false)
        func message(_ change: (inout LarqModel) -> Void) -> String {
            var model = sound
            change(&model)
            do {
                _ = try TFLiteReader().read(Data(model.bytes), fileName: "model.tflite")
                return "read"
            } catch let findings as Diagnostics {
                return findings.rendered()
            } catch {
                return "\(error)"
            }
        }
        #expect(message { $0.padValue = 2 }.contains("'pad_values' is 2"))
        #expect(message { $0.activation = 2 }.contains("RELU_N1_TO_1"))
        #expect(message { $0.activation = 9 }.contains("'fused_activation_function' is 9"))
        #expect(message { $0.strides = (0, 1) }.contains("must be positive"))
        #expect(message { $0.dilations = (1, -3) }.contains("must be positive"))
        #expect(message { $0.multipliers.removeLast() }.contains("multipliers"))
        #expect(message { $0.multipliers[0] = .infinity }.contains("leave the range"))
        #expect(message { $0.groups = 3 }.contains("filters"))
        #expect(message { $0.outputExtents.height += 1 } != "read")
    }
}
