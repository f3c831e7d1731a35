import Execution
import FixedPoint
import Networks
import Tensors
import Testing

/// Counted events against a count one multiplication at a time.
@Suite struct EventTests {
    @Test(arguments: 0..<6) func eventsEqualTheirDefinition(_ seed: Int) throws {
        var source = LayerSource(seed: UInt64(300 + seed))
        for _ in 0..<30 {
            let network = source.integerLayer()
            let cases = (0..<3).map { _ in source.inputs(of: network) }
            let expected = try Events(network, cases)
            for kernels in KernelSelection.allCases where kernels.isAvailable && kernels != .reference {
                let interpreter = try Interpreter(network, kernels: kernels)
                let counter = EventCounter(interpreter)
                let batch = try #require(CaseBatch(joining: cases))
                let outputs = try interpreter.run(batch: batch, counting: counter)
                let plain = try interpreter.run(batch: batch)
                #expect((0..<3).allSatisfy { outputs[$0] == plain[$0] })
                let values = counter.counts.activations
                for (name, tensors) in [("in", cases.map { $0[0] }), ("out", (0..<3).map { plain[$0][0] })] {
                    let value = try #require(network.values.first { $0.name == name })
                    #expect(try values[name] == count(tensors, of: value), "\(kernels), \(name): \(network.nodes[0])")
                }
                let layer = try #require(counter.counts.layers["layer"])
                let told = Events(
                    all: layer.multiplications, weights: layer.zeroWeights, inputs: layer.zeroActivations,
                    both: layer.zeroBoth, toggles: layer.activationToggles,
                    peak: layer.accumulatorPeak ?? expected.peak)
                #expect(told == expected, "\(kernels): \(network.nodes[0])")
            }
        }
    }

    private func count(_ tensors: [Tensor], of value: Value) throws -> EventCounts.Activation {
        let grid = try #require(value.quantization)
        var counts = EventCounts.Activation()
        for element in try tensors.flatMap({ try #require($0.integers) }) {
            counts.elements += 1
            counts.zeros += element == grid.zeroPoint ? 1 : 0
            counts.saturated += element == grid.format.minimum || element == grid.format.maximum ? 1 : 0
        }
        return counts
    }

    /// What occurs in a layer, by walking over every product.
    fileprivate struct Events: Equatable {
        var all = 0
        var weights = 0
        var inputs = 0
        var both = 0
        var toggles: Int? = 0
        var peak = 0
    }
}

extension EventTests.Events {
    init(_ network: Network, _ cases: [[Tensor]]) throws {
        self.init()
        let node = network.nodes[0]
        let (image, filters) = (network[node.inputs[0]], network[node.inputs[1]])
        let grid = try #require(image.quantization)
        let weightGrid = try #require(filters.quantization)
        let mask = (1 << grid.format.bits) - 1
        let bias = node.inputs.count > 2 ? network[node.inputs[2]].constant?.integers : nil
        let constants = try #require(filters.constant?.integers)
        for tensors in cases {
            let elements = try #require(tensors[0].integers)
            var before = 0
            for element in elements {
                toggles = toggles.map { $0 + ((element ^ before) & mask).nonzeroBitCount }
                before = element
            }
            for (channel, products) in try node.products(image.shape, filters.shape) {
                var sum = node.accumulator.loading(bias?[channel] ?? 0)
                for (input, weight) in products {
                    let left = elements[input] - grid.zeroPoint
                    let right = constants[weight] - weightGrid.zeroPoints[weightGrid.axis == nil ? 0 : channel]
                    all += 1
                    weights += right == 0 ? 1 : 0
                    inputs += left == 0 ? 1 : 0
                    both += left == 0 && right == 0 ? 1 : 0
                    sum = node.accumulator.adding(left * right, to: sum)
                }
                peak = max(peak, abs(sum))
            }
        }
    }
}

extension Node {
    /// For each element of the result its channel and the places of the operands of each product, padding left out.
    fileprivate func products(_ image: Shape, _ weights: Shape) throws -> [(Int, [(Int, Int)])] {
        if operation is FullyConnected {
            return (0..<image.elementCount / weights[1]).flatMap { row in
                (0..<weights[0]).map { channel in
                    (channel, (0..<weights[1]).map { (row * weights[1] + $0, channel * weights[1] + $0) })
                }
            }
        }
        let convolution = operation as? Convolution2D
        let window = try #require(convolution?.window ?? (operation as? DepthwiseConvolution2D)?.window)
        let output = try operation.outputShapes(of: [image, weights])[0]
        var products: [(Int, [(Int, Int)])] = []
        for place in 0..<output.elementCount {
            let (pixel, channel) = place.quotientAndRemainder(dividingBy: output[3])
            let (line, column) = pixel.quotientAndRemainder(dividingBy: output[2])
            var pairs: [(Int, Int)] = []
            for tap in 0..<weights[1] * weights[2] {
                let y = line % output[1] * window.strideHeight + tap / weights[2] * window.dilationHeight
                let x = column * window.strideWidth + tap % weights[2] * window.dilationWidth
                let (row, left) = (y - window.padding.top, x - window.padding.left)
                guard (0..<image[1]).contains(row), (0..<image[2]).contains(left) else { continue }
                let start = ((line / output[1] * image[1] + row) * image[2] + left) * image[3]
                if let groups = convolution?.groups {
                    let first = channel / (output[3] / groups) * weights[3]
                    pairs += (0..<weights[3]).map {
                        (start + first + $0, (channel * weights[1] * weights[2] + tap) * weights[3] + $0)
                    }
                } else {
                    pairs.append((start + channel / (output[3] / image[3]), tap * output[3] + channel))
                }
            }
            products.append((channel, pairs))
        }
        return products
    }
}
