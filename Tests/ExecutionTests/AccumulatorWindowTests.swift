import Execution
import FixedPoint
import Networks
import Tensors
import Testing

/// Sums in a window around every kind of rounding boundary, through the kernels of every instruction set.
@Suite struct AccumulatorWindowTests {
    /// The sums, as biases of a layer whose only input is zero, and the elements that `Requantization` makes of them.
    @Test(arguments: RuntimeArithmetic.all) func everyShiftAroundBoundaries(_ runtime: RuntimeArithmetic) throws {
        for exponent in -30...6 {
            for significand in exponent % 3 == 0 ? [1, 1.999_999_9] : [1.3125] as [Float] {
                let scale = Float(sign: .plus, exponent: exponent, significand: significand)
                let targets = (-20...20).map { Double($0) / 2 } + [-32768, -32767.5, 32767, 32767.5, 1000.5]
                let sums = targets.flatMap { target -> [Int] in
                    let center = (target / Double(scale)).rounded()
                    return abs(center) < 0x1p31 - 8 ? (-2...2).map { Int(center) + $0 } : []
                }
                for accumulator in [Accumulator.int32, Accumulator(bits: 40, overflow: .saturate)] {
                    let network = try layer(sums: sums, scale: scale, runtime: runtime, accumulator: accumulator)
                    let requantization = Requantization(
                        real: Double(scale), scale: scale, family: runtime.fullyConnected, sumBits: accumulator.bits)
                    let expected = sums.enumerated().map { place, sum in
                        min(max(requantization(sum, place: place), -32768), 32767)
                    }
                    for kernels in KernelSelection.allCases where kernels.isAvailable {
                        let input = Tensor(shape: [1, 1], elements: .int8([0]))
                        let outputs = try Interpreter(network, kernels: kernels).run([input])
                        #expect(outputs[0].integers == expected, "\(scale) by \(kernels)")
                    }
                }
            }
        }
    }

    private func layer(
        sums: [Int], scale: Float, runtime: RuntimeArithmetic, accumulator: Accumulator
    ) throws -> Network {
        var network = Network(name: "window", runtime: runtime)
        let one = Quantization(format: .int8, scale: 1)
        let input = network.append(Value(name: "in", shape: [1, 1], elementType: .int8, quantization: one))
        let weights = Tensor(shape: [sums.count, 1], elements: .int8([Int8](repeating: 1, count: sums.count)))
        let biases = try #require(Tensor([sums.count], integers: sums, storedAs: .int32))
        let ids = [
            input,
            network.append(
                Value(name: "w", constant: weights, quantization: Quantization(format: .int8, scale: scale))),
            network.append(Value(name: "b", constant: biases)),
        ]
        let output = network.append(
            Value(
                name: "out", shape: [1, sums.count], elementType: .int16,
                quantization: Quantization(format: .int16, scale: 1)))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [
            Node(
                name: "layer", operation: FullyConnected(), inputs: ids, outputs: [output], accumulator: accumulator)
        ]
        return network
    }
}
