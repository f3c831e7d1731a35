import Execution
import FixedPoint
import Networks
import Tensors
import Testing

/// Layers of single bits, drawn at random, by every way to count bits against their definitions.
@Suite struct BinaryKernelTests {
    static let selections = KernelSelection.allCases.filter { $0 != .reference && $0.isAvailable }

    @Test(arguments: 0..<8) func layersEqualTheirDefinition(_ seed: Int) throws {
        var source = LayerSource(seed: UInt64(300 + seed))
        for _ in 0..<30 {
            let network = source.binaryLayer()
            let batch = (0..<1 + source.below(3)).map { _ in source.inputs(of: network) }
            let reference = try Interpreter(network, kernels: .reference)
            let expected = try batch.map { try reference.run($0)[0].littleEndianBytes }
            for selection in Self.selections {
                let outputs = try Interpreter(network, kernels: selection).run(together: batch)
                #expect(outputs.map { $0[0].littleEndianBytes } == expected, "\(selection): \(network.nodes[0])")
            }
        }
    }

    /// One input channel after the other around the widths of words, blocks and tiles.
    @Test(arguments: [1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 95, 127, 129, 191, 257])
    func everyTailIsCounted(_ channels: Int) throws {
        var source = LayerSource(seed: UInt64(channels))
        for pixels in 1...14 {
            let network = source.binaryConvolution(
                Convolution2D(window: Window(padding: .uniform(pixels % 2))), image: [1, 3, pixels + 2, channels],
                filters: [channels, 3, 3, channels], result: .bipolar)
            let inputs = source.inputs(of: network)
            let expected = try Interpreter(network, kernels: .reference).run(inputs)
            for selection in Self.selections {
                #expect(try Interpreter(network, kernels: selection).run(inputs) == expected, "\(selection)")
            }
        }
    }
}

extension BinaryKernelTests {
    /// Bytes that become signs, and signs that are pooled.
    @Test(arguments: 0..<4) func signsOfBytesEqualTheirDefinition(_ seed: Int) throws {
        var source = LayerSource(seed: UInt64(700 + seed))
        for _ in 0..<30 {
            for network in [source.signsOfBytes(), source.pooledSigns()] {
                let inputs = source.inputs(of: network)
                let expected = try Interpreter(network, kernels: .reference).run(inputs)
                for selection in Self.selections {
                    let outputs = try Interpreter(network, kernels: selection).run(inputs)
                    #expect(outputs == expected, "\(selection): \(network.nodes[0])")
                }
            }
        }
    }
}

extension LayerSource {
    mutating func signsOfBytes() -> Network {
        let (height, width, depth, count) = (3 + below(6), 3 + below(6), 1 + below(30), 1 + below(40))
        var network = binaryNetwork(
            Convolution2D(), image: [1, height, width, depth], filters: [count, 3, 3, depth], result: .bipolar)
        let grid = Quantization(format: among([.int8, .uint8]), scale: 0.5, zeroPoint: below(100))
        network[network.inputs[0]].quantization = grid
        network[network.inputs[0]].elementType = grid.storage
        return network
    }

    mutating func pooledSigns() -> Network {
        let shape: Shape = [1, 2 + below(6), 2 + below(6), 1 + below(40)]
        let operation = MaxPool2D(
            kernelHeight: 2, kernelWidth: 2, window: Window(strideHeight: 1 + below(2), strideWidth: 1 + below(2)),
            activation: among(Activation.allCases))
        var network = Network(name: "pool")
        let signs = Quantization(format: .bipolar, scale: 1)
        let input = network.append(Value(name: "in", shape: shape, elementType: .int8, quantization: signs))
        guard let pooled = try? operation.outputShapes(of: [shape])[0] else { return network }
        let output = network.append(Value(name: "out", shape: pooled, elementType: .int8, quantization: signs))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [Node(name: "pool", operation: operation, inputs: [input], outputs: [output])]
        return network
    }

    /// A convolution or fully connected layer of -1 and +1 with a result of some format.
    mutating func binaryLayer() -> Network {
        let result = among([
            NumberFormat.bipolar, .bipolar, .int8, .int16, .int32, NumberFormat(bits: 4, encoding: .unsigned),
        ])
        if below(3) == 0 {
            let (depth, count) = (1 + below(300), 1 + below(90))
            return binaryNetwork(
                FullyConnected(activation: among(Activation.allCases)), image: [1 + below(9), depth],
                filters: [count, depth], result: result)
        }
        let groups = among([1, 1, 2, 3])
        var window = Window(
            strideHeight: 1 + below(2), strideWidth: 1 + below(2), dilationHeight: 1 + below(2),
            dilationWidth: 1 + below(2))
        window.padding = .init(top: below(3), left: below(3), bottom: below(3), right: below(3))
        let isPointwise = below(4) == 0
        let (depth, each) = (1 + below(80), 1 + below(40))
        let (rows, columns) = isPointwise ? (1, 1) : (1 + below(3), 1 + below(3))
        let operation = Convolution2D(
            window: isPointwise ? Window() : window, groups: groups, activation: among(Activation.allCases))
        return binaryConvolution(
            operation, image: [1 + below(2), 5 + below(5), 5 + below(5), depth * groups],
            filters: [each * groups, rows, columns, depth], result: result)
    }

    mutating func binaryConvolution(
        _ operation: Convolution2D, image: Shape, filters: Shape, result: NumberFormat
    ) -> Network {
        binaryNetwork(operation, image: image, filters: filters, result: result)
    }

    private mutating func binaryNetwork(
        _ operation: any Operator, image: Shape, filters: Shape, result: NumberFormat
    ) -> Network {
        var network = Network(name: "binary", runtime: among(RuntimeArithmetic.all))
        let pairs: [(NumberFormat, NumberFormat)] = [
            (.bipolar, .bipolar), (.bipolar, .bipolar), (.ternary, .bipolar), (.bipolar, .ternary),
            (.ternary, .ternary),
        ]
        let formats = among(pairs)
        let (signs, weightGrid) = (Quantization(format: formats.0, scale: 1), Quantization(format: formats.1, scale: 1))
        let scale: Float = below(2) == 0 ? 1 : Float(1 + below(100)) / 8
        let weights = (0..<filters.elementCount).map { _ in
            Int8(formats.1 == .ternary ? below(3) - 1 : below(2) * 2 - 1)
        }
        let bias = (0..<filters[0]).map { _ in Int32(below(41) - 20) }
        let input = network.append(Value(name: "in", shape: image, elementType: .int8, quantization: signs))
        var inputs = [
            input,
            network.append(
                Value(name: "w", constant: Tensor(shape: filters, elements: .int8(weights)), quantization: weightGrid)),
        ]
        if below(3) > 0 {
            inputs.append(
                network.append(Value(name: "b", constant: Tensor(shape: [filters[0]], elements: .int32(bias)))))
        }
        guard let shape = try? operation.outputShapes(of: [image, filters])[0] else { return network }
        let grid = Quantization(format: result, scale: result == .bipolar ? 1 : scale)
        let output = network.append(
            Value(name: "out", shape: shape, elementType: grid.storage, quantization: grid))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [Node(name: "layer", operation: operation, inputs: inputs, outputs: [output])]
        return network
    }
}
