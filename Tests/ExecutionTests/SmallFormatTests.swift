import Execution
import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

/// Every product of every pair of narrow formats through a layer, in every arithmetic, by every kernel.
@Suite struct SmallFormatTests {
    static let formats: [NumberFormat] = (1...4).flatMap { bits in
        NumberFormat.Encoding.allCases.filter { NumberFormat.isValid(bits: bits, encoding: $0) }.map {
            NumberFormat(bits: bits, encoding: $0)
        }
    }

    static let int4 = NumberFormat(bits: 4, encoding: .twosComplement)

    /// One row for each input element, one output for each weight element.
    static func table(
        _ input: NumberFormat, _ weight: NumberFormat, scale: Float, bias: Int32, runtime: RuntimeArithmetic,
        output format: NumberFormat = .int8
    ) throws -> (network: Network, inputs: [Int], weights: [Int]) {
        let elements = (input.minimum...input.maximum).filter(input.contains)
        let weights = (weight.minimum...weight.maximum).filter(weight.contains)
        let (inputGrid, weightGrid) = (
            Quantization(format: input, scale: 0.5), Quantization(format: weight, scale: scale)
        )
        let output = Quantization(format: format, scale: 0.5)
        var network = Network(name: "table", runtime: runtime)
        let source = network.append(
            Value(name: "in", shape: [elements.count, 1], elementType: inputGrid.storage, quantization: inputGrid))
        let table = try #require(Tensor([weights.count, 1], integers: weights, storedAs: weightGrid.storage))
        let biases = Tensor(shape: [weights.count], elements: .int32(weights.map { _ in bias }))
        let ids = [
            source, network.append(Value(name: "w", constant: table, quantization: weightGrid)),
            network.append(Value(name: "b", constant: biases)),
        ]
        let result = network.append(
            Value(
                name: "out", shape: [elements.count, weights.count], elementType: output.storage, quantization: output))
        (network.inputs, network.outputs) = ([source], [result])
        network.nodes = [Node(name: "layer", operation: FullyConnected(), inputs: ids, outputs: [result])]
        return (network, elements, weights)
    }

    /// Scales of 1/4: the factor is exact in every family, and the quotient by 4 is rounded once.
    @Test(arguments: RuntimeArithmetic.all) func everyPairOfNarrowFormats(_ runtime: RuntimeArithmetic) throws {
        for input in Self.formats {
            for weight in Self.formats {
                let (network, elements, weights) = try Self.table(
                    input, weight, scale: 0.25, bias: 1, runtime: runtime)
                let tensor = try #require(
                    Tensor(
                        network[network.inputs[0]].shape, integers: elements, storedAs: network.values[0].elementType))
                let expected = elements.enumerated().flatMap { row, x in
                    weights.enumerated().map { column, w in
                        quarter(x * w + 1, family: runtime.fullyConnected, place: row * weights.count + column)
                    }
                }
                for kernels in KernelSelection.allCases where kernels.isAvailable {
                    let outputs = try Interpreter(network, kernels: kernels).run([tensor])
                    #expect(outputs[0].integers == expected, "\(input) x \(weight) by \(kernels)")
                }
            }
        }
    }

    /// `sum / 4` by the definition of the family's last rounding.
    private func quarter(_ sum: Int, family: RequantizationFamily, place: Int) -> Int {
        let floor = Int((Double(sum) / 4).rounded(.down))
        let quarters = sum - 4 * floor
        let halved = (sum + 1) >> 1
        switch family {
        case .doubleRounding: return Int((Double(halved) / 2).rounded(.toNearestOrAwayFromZero))
        case .halfUpShift: return (halved + 1) >> 1
        case .doublePrecision, .exact(.deterministic(.halfAwayFromZero)):
            return Int((Double(sum) / 4).rounded(.toNearestOrAwayFromZero))
        case .singleRounding, .reducedMultiplier, .exact(.deterministic(.halfUp)):
            return quarters >= 2 ? floor + 1 : floor
        case .float, .exact(.deterministic(.halfToEven)): return Int((Double(sum) / 4).rounded(.toNearestOrEven))
        case .exact(.deterministic(.floor)): return floor
        case .exact(.deterministic(.ceiling)): return quarters > 0 ? floor + 1 : floor
        case .exact(.deterministic(.towardZero)): return sum / 4
        case .exact(.stochastic(let rounding)):
            return rounding.draw(at: place) < UInt32(quarters) << 14 ? floor + 1 : floor
        }
    }

    /// Results of every format of 1 to 16 bits, saturated at its ends.
    @Test(arguments: 1...16) func resultsOfEveryWidthSaturate(_ bits: Int) throws {
        for encoding in NumberFormat.Encoding.allCases where NumberFormat.isValid(bits: bits, encoding: encoding) {
            let format = NumberFormat(bits: bits, encoding: encoding)
            let (network, elements, weights) = try Self.table(
                .int8, .int8, scale: 4, bias: 0, runtime: .fixedPoint(.floor), output: format)
            let tensor = try #require(
                Tensor(network[network.inputs[0]].shape, integers: elements, storedAs: .int8))
            let expected = elements.flatMap { x in
                weights.map { w in
                    let exact = 4 * x * w
                    return encoding == .bipolar
                        ? (exact >= 0 ? 1 : -1) : min(max(exact, format.minimum), format.maximum)
                }
            }
            #expect(try Interpreter(network).run([tensor])[0].integers == expected)
        }
    }

    /// The same bytes from many threads at once, whatever their order.
    @Test func stochasticRoundingDoesNotDependOnThreads() async throws {
        let (network, elements, _) = try Self.table(
            .int8, .int8, scale: 0.013, bias: 3, runtime: .fixedPointStochastic(seed: 99))
        let interpreter = try Interpreter(network)
        let tensor = try #require(Tensor([elements.count, 1], integers: elements, storedAs: .int8))
        let alone = try interpreter.run([tensor])
        try await withThrowingTaskGroup(of: [Tensor].self) { group in
            for _ in 0..<8 { group.addTask { try interpreter.run([tensor]) } }
            for try await outputs in group { #expect(outputs == alone) }
        }
        let batch = try interpreter.run(together: [[tensor], [tensor], [tensor]])
        #expect(batch == [alone, alone, alone])
        var other = network
        other.runtime = .fixedPointStochastic(seed: 100)
        #expect(try Interpreter(other).run([tensor]) != alone)
        #expect(try Interpreter(network, kernels: .reference).run([tensor]) == alone)
    }

    /// Dynamic fixed point ⟨IL, FL⟩ on all sides: the exact sum, shifted and rounded once.
    @Test(arguments: [(1, 7), (4, 4), (-2, 8), (9, -3), (3, 13)])
    func dynamicFixedPointShiftsExactSums(_ integerBits: Int, _ fractionBits: Int) throws {
        let format = try #require(DynamicFixedPoint(integerBits: integerBits, fractionBits: fractionBits))
        let grid = Quantization(format)
        #expect(grid.dynamicFixedPoint == format)
        var network = Network(name: "dynamic", runtime: .fixedPoint(.halfToEven))
        let input = network.append(Value(name: "in", shape: [1, 3], elementType: grid.storage, quantization: grid))
        let low = format.format.minimum
        let weights = try #require(Tensor([1, 3], integers: [3, low, 1], storedAs: grid.storage))
        let ids = [input, network.append(Value(name: "w", constant: weights, quantization: grid))]
        let output = network.append(Value(name: "out", shape: [1, 1], elementType: grid.storage, quantization: grid))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [
            Node(
                name: "layer", operation: FullyConnected(), inputs: ids, outputs: [output],
                accumulator: Accumulator(bits: 48, overflow: .wrap))
        ]
        for (a, b, c) in [(1, 0, 1), (2, 0, 2), (-2, 0, -1), (5, -1, 0), (low, low, low), (-1, 1, 7)] {
            let elements = [a, b, c].map { min(max($0, low), format.format.maximum) }
            let tensor = try #require(Tensor([1, 3], integers: elements, storedAs: grid.storage))
            let sum = zip(elements, [3, low, 1]).reduce(0) { $0 + $1.0 * $1.1 }
            let exact = (Double(sum) * Double(grid.scale)).rounded(.toNearestOrEven)
            let expected = min(max(Int(exact), low), format.format.maximum)
            for kernels in [KernelSelection.reference, .fastest] {
                #expect(try Interpreter(network, kernels: kernels).run([tensor])[0].integers == [expected])
            }
        }
    }
}
