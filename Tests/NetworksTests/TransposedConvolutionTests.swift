import Diagnostics
import ExactArithmetic
import FixedPoint
import Networks
import Tensors
import Testing

/// Transposed convolutions of integers under the rules for all layers with weights.
@Suite struct TransposedConvolutionTests {
    private let image = Quantization(format: .int8, scale: 0.5, zeroPoint: 3)
    private let filters = Quantization(format: .int8, scale: 0.013)
    private let output = Quantization(format: .int8, scale: 0.7, zeroPoint: -2)

    private func evaluated(
        _ operation: any Operator, _ runtime: RuntimeArithmetic, _ image: Tensor, _ filters: Tensor
    ) throws -> [Int] {
        let operands = [
            Operand(image, quantization: self.image), Operand(filters, quantization: self.filters),
        ]
        let shape = try operation.outputShapes(of: operands.map(\.shape))[0]
        let type = ResultType(shape: shape, elementType: .int8, quantization: output)
        let results = try operation.evaluate(operands, results: [type], arithmetic: Arithmetic(runtime: runtime))
        return try #require(results[0].integers)
    }

    /// Filters of one pixel make both convolutions the same, place by place.
    @Test func placesDecideStochasticRounding() throws {
        let bytes = (0..<300).map { Int8(truncatingIfNeeded: $0 * 37 + 11) }
        let image = Tensor(shape: [1, 10, 10, 3], elements: .int8(bytes))
        let filters = Tensor(shape: [2, 1, 1, 3], elements: .int8([7, -90, 33, 120, 5, -64]))
        let transposed = TransposedConvolution2D(
            strideHeight: 1, strideWidth: 1, top: 0, left: 0, outputHeight: 10, outputWidth: 10)
        var results: [[Int]] = []
        for runtime in [RuntimeArithmetic.fixedPointStochastic(seed: 5), .fixedPointStochastic(seed: 6)] {
            let result = try evaluated(transposed, runtime, image, filters)
            #expect(try evaluated(Convolution2D(), runtime, image, filters) == result)
            results.append(result)
        }
        #expect(results[0] != results[1])
        let floor = try evaluated(transposed, .fixedPoint(.floor), image, filters)
        let ceiling = try evaluated(transposed, .fixedPoint(.ceiling), image, filters)
        #expect(zip(results[0], zip(floor, ceiling)).allSatisfy { $0 == $1.0 || $0 == $1.1 })
        #expect(results[0] != floor && results[0] != ceiling)
    }

    private func network(_ operation: any Operator, inputs shapes: [Shape], _ accumulator: Accumulator) throws
        -> Network
    {
        var network = Network(name: "layer")
        let grid = Quantization(format: .int8, scale: 1)
        let source = network.append(Value(name: "in", shape: shapes[0], elementType: .int8, quantization: grid))
        let bytes = (0..<shapes[1].elementCount).map { Int8(truncatingIfNeeded: 100 - 30 * $0) }
        let weights = network.append(
            Value(name: "w", constant: Tensor(shape: shapes[1], elements: .int8(bytes)), quantization: grid))
        let shape = try operation.outputShapes(of: shapes)[0]
        let result = network.append(Value(name: "out", shape: shape, elementType: .int8, quantization: grid))
        (network.inputs, network.outputs) = ([source], [result])
        network.nodes = [
            Node(
                name: "spread", operation: operation, inputs: [source, weights], outputs: [result],
                accumulator: accumulator)
        ]
        return network
    }

    @Test func accumulatorsAreProvedOrRefused() throws {
        let operation = TransposedConvolution2D(
            strideHeight: 2, strideWidth: 2, top: 0, left: 0, outputHeight: 4, outputWidth: 4)
        let shapes: [Shape] = [[1, 2, 2, 1], [2, 2, 2, 1]]
        var network = try network(operation, inputs: shapes, .int32)
        let sums = try #require(SumRange(of: network.nodes[0], in: network))
        #expect(sums.upper == BigInteger(128 * (20 + 50 + 80 + 110)))
        #expect(sums.requiredBits == 17)
        network.nodes[0].accumulator = Accumulator(bits: 17, overflow: .proved)
        try network.verify(file: "sound")
        network.nodes[0].accumulator = Accumulator(bits: 16, overflow: .proved)
        let error = #expect(throws: Diagnostics.self) { try network.verify(file: "narrow") }
        #expect(try #require(error).rendered().contains("spread"))
    }

    @Test func nothingIsProvedOfProductsOfTwoMatrices() throws {
        let network = try network(
            MatrixProduct(), inputs: [[2, 3], [3, 2]], Accumulator(bits: 32, overflow: .proved))
        let error = #expect(throws: Diagnostics.self) { try network.verify(file: "open") }
        #expect(try #require(error).rendered().contains("nothing can be proved"))
    }
}
