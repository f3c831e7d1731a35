import Diagnostics
import ExactArithmetic
import FixedPoint
import Networks
import Tensors
import Testing

@Suite struct ProvedAccumulatorTests {
    /// One fully connected layer on one row of inputs.
    static func layer(
        weights: [[Int8]], bias: [Int32]?, input format: NumberFormat, zeroPoint: Int = 0,
        accumulator: Accumulator = .int32
    ) -> Network {
        var network = Network(name: "layer", runtime: .fixedPoint(.halfToEven))
        let grid = Quantization(format: format, scale: 1, zeroPoint: zeroPoint)
        let depth = weights[0].count
        let input = network.append(
            Value(name: "in", shape: [1, depth], elementType: grid.storage, quantization: grid))
        let filters = network.append(
            Value(
                name: "w", constant: Tensor(shape: [weights.count, depth], elements: .int8(weights.flatMap { $0 })),
                quantization: Quantization(format: .int8, scale: 1)))
        var inputs = [input, filters]
        if let bias {
            inputs.append(
                network.append(Value(name: "b", constant: Tensor(shape: [bias.count], elements: .int32(bias)))))
        }
        let output = network.append(
            Value(
                name: "out", shape: [1, weights.count], elementType: .int32,
                quantization: Quantization(format: .int32, scale: 1)))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [
            Node(
                name: "dense", operation: FullyConnected(), inputs: inputs, outputs: [output], accumulator: accumulator)
        ]
        return network
    }

    /// The bound against every input of a small format and every prefix of the sum.
    @Test(arguments: [
        (NumberFormat(bits: 2, encoding: .twosComplement), 0), (NumberFormat(bits: 2, encoding: .twosComplement), 1),
        (NumberFormat(bits: 2, encoding: .unsigned), 0), (NumberFormat(bits: 2, encoding: .unsigned), 3),
        (.bipolar, 0), (.ternary, 0), (NumberFormat(bits: 3, encoding: .symmetric), -2),
    ])
    func theBoundIsReachedAndNeverPassed(_ format: NumberFormat, _ zeroPoint: Int) throws {
        let rows: [[Int8]] = [[3, -2, 1], [0, 0, 0], [-7, -1, -4], [5, 6, 0]]
        let bias: [Int32] = [2, -9, 0, -3]
        let network = Self.layer(weights: rows, bias: bias, input: format, zeroPoint: zeroPoint)
        let range = try #require(SumRange(of: network.nodes[0], in: network))
        let elements = (format.minimum...format.maximum).filter(format.contains).map { $0 - zeroPoint }
        var (lowest, highest) = (0, 0)
        for (row, start) in zip(rows, bias) {
            for a in elements {
                for b in elements {
                    for c in elements {
                        var sum = Int(start)
                        for (input, weight) in zip([a, b, c], row) {
                            (lowest, highest) = (min(lowest, sum), max(highest, sum))
                            sum += input * Int(weight)
                        }
                        (lowest, highest) = (min(lowest, sum), max(highest, sum))
                    }
                }
            }
        }
        #expect(range.lower == BigInteger(lowest))
        #expect(range.upper == BigInteger(highest))
    }

    @Test func theNarrowestRegisterIsFoundAndItsNeighbourRefused() throws {
        let rows: [[Int8]] = [[127, -128, 100], [-1, 2, 3]]
        var network = Self.layer(weights: rows, bias: [5, -70000], input: .int8)
        let range = try #require(SumRange(of: network.nodes[0], in: network))
        #expect(range.lower == BigInteger(-70000 - 128 * 5 - 127))
        #expect(range.upper == BigInteger(5 + 127 * 227 + 128 * 128))
        #expect(range.requiredBits == 18)
        let narrowest = try #require(range.provedAccumulator)
        #expect(narrowest == Accumulator(bits: 18, overflow: .proved))
        network.nodes[0].accumulator = narrowest
        try network.verify(file: "sound")
        network.nodes[0].accumulator = Accumulator(bits: 17, overflow: .proved)
        let error = #expect(throws: Diagnostics.self) { try network.verify(file: "narrow") }
        let rendered = try #require(error).rendered()
        for part in ["dense", "-70767", "45218", "18 bits", "17"] { #expect(rendered.contains(part), "\(rendered)") }
    }

    @Test func registersOfEverySizeFitTheirEnds() {
        for bits in 2...40 {
            let (low, high) = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
            func range(_ bias: [Int]) -> SumRange {
                SumRange(weights: bias.map { _ in 0 }, bias: bias, elementsPerChannel: 1, input: 0...0)
            }
            #expect(range([low, high]).requiredBits == bits)
            #expect(range([low - 1, high]).requiredBits == bits + 1)
            #expect(range([low, high + 1]).requiredBits == bits + 1)
        }
    }

    @Test func sumsBeyond64BitsHaveNoRegister() {
        let range = SumRange(
            weights: [1 << 32, 1 << 32], bias: [.max], elementsPerChannel: 2, input: -(1 << 32)...1 << 32)
        #expect(range.upper == BigInteger(2).raised(to: 65) + BigInteger(Int.max))
        #expect(range.requiredBits == 67)
        #expect(range.provedAccumulator == nil)
    }

    @Test func weightsThatAreNotConstantProveNothing() throws {
        var network = Self.layer(
            weights: [[1]], bias: nil, input: .int8, accumulator: Accumulator(bits: 64, overflow: .proved))
        try network.verify(file: "sound")
        network[ValueID(1)].constant = nil
        network.inputs.append(ValueID(1))
        let error = #expect(throws: Diagnostics.self) { try network.verify(file: "open") }
        #expect(try #require(error).rendered().contains("dense"))
    }
}

/// Saturating accumulators add in the declared order: the bias, then along the row.
@Suite struct SaturationOrderTests {
    @Test func theOrderOfTheRowDecides() throws {
        let accumulator = Accumulator(bits: 8, overflow: .saturate)
        let rows: [[Int8]] = [[100, 100, -100], [100, -100, 100], [-100, -100, 100]]
        let network = ProvedAccumulatorTests.layer(
            weights: rows, bias: [0, 0, -1], input: .int8, accumulator: accumulator)
        let outputs = try network.evaluated([Tensor(shape: [1, 3], elements: .int8([1, 1, 1]))])
        #expect(outputs[0].integers == [27, 100, -28])
    }

    @Test func theBiasIsLoadedFirst() throws {
        let network = ProvedAccumulatorTests.layer(
            weights: [[1, -1]], bias: [1000], input: .int8, accumulator: Accumulator(bits: 8, overflow: .saturate))
        let outputs = try network.evaluated([Tensor(shape: [1, 2], elements: .int8([100, 100]))])
        #expect(outputs[0].integers == [27])
    }
}
