import Execution
import FixedPoint
import Networks
import Tensors
import Testing

/// Signs, thresholds and channel scaling, drawn at random, against their definitions.
@Suite struct BinaryElementKernelTests {
    @Test(arguments: 0..<6) func kernelsEqualTheirDefinitions(_ seed: Int) throws {
        var source = LayerSource(seed: UInt64(500 + seed))
        for _ in 0..<40 {
            for network in [source.signs(), source.thresholds(), source.channelScaling()] {
                let batch = (0..<1 + source.below(3)).map { _ in source.inputs(of: network) }
                let reference = try Interpreter(network, kernels: .reference)
                let expected = try batch.map { try reference.run($0)[0].littleEndianBytes }
                let outputs = try Interpreter(network).run(together: batch).map { $0[0].littleEndianBytes }
                #expect(outputs == expected, "\(network.nodes[0])")
            }
        }
    }
}

extension LayerSource {
    private mutating func network(
        _ operation: any Operator, _ shape: Shape, from: Quantization?, to: Quantization?,
        constants: [Tensor] = []
    ) -> Network {
        var network = Network(name: "elements", runtime: among(RuntimeArithmetic.all))
        let input = network.append(
            Value(name: "in", shape: shape, elementType: from?.storage ?? .float32, quantization: from))
        let others = constants.enumerated().map { network.append(Value(name: "c\($0)", constant: $1)) }
        let output = network.append(
            Value(name: "out", shape: shape, elementType: to?.storage ?? .float32, quantization: to))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [Node(name: "node", operation: operation, inputs: [input] + others, outputs: [output])]
        return network
    }

    private mutating func integers() -> Quantization {
        let format = among([NumberFormat.int8, .uint8, .int16, NumberFormat(bits: 20, encoding: .twosComplement)])
        return Quantization(format: format, scale: Float(1 + below(64)) / 32, zeroPoint: below(4))
    }

    mutating func signs() -> Network {
        let from = below(2) == 0 ? nil : integers()
        return network(
            Quantize(), [1 + below(3), 1 + below(90)], from: from, to: Quantization(format: .bipolar, scale: 1))
    }

    mutating func thresholds() -> Network {
        let (rank, channels, count) = (1 + below(3), 1 + below(40), 1 + below(4))
        var extents = (0..<rank).map { _ in 1 + below(5) }
        let axis = below(2) == 0 ? rank - 1 : below(rank)
        extents[axis] = channels
        let isSign = count == 1 && below(2) == 0
        let operation = Thresholds(axis: axis, lowest: isSign ? -1 : below(5) - 2, step: isSign ? 2 : 1 + below(2))
        let rows = below(3) == 0 ? 1 : channels
        let levels = (0..<rows * count).map { _ in Int32(below(301) - 150) }
        return network(
            operation, Shape(extents), from: integers(),
            to: Quantization(format: isSign ? .bipolar : .int8, scale: 1),
            constants: [Tensor(shape: [rows, count], elements: .int32(levels))])
    }

    mutating func channelScaling() -> Network {
        let channels = 1 + below(40)
        let operation = ChannelScaling(
            offset: below(2001) - 1000, rounding: among([.halfAwayFromZero, .halfAwayFromZero, .halfToEven]))
        let constants = (0..<2).map { _ in Tensor([channels], (0..<channels).map { _ in real() }) }
        let to = below(2) == 0 ? nil : Quantization(format: .int8, scale: 0.5, zeroPoint: below(9) - 4)
        return network(
            operation, [1 + below(3), 1 + below(3), channels], from: integers(), to: to, constants: constants)
    }
}
