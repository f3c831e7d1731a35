import FixedPoint
import Networks
import Tensors
import Testing

/// Operators of binary networks on cases that can be computed by hand.
@Suite struct BinaryOperatorTests {
    private let signs = Quantization(format: .bipolar, scale: 1)

    private func result(_ shape: Shape, _ quantization: Quantization?) -> ResultType {
        ResultType(shape: shape, elementType: quantization?.storage ?? .float32, quantization: quantization)
    }

    @Test func thresholdsCountWhatIsReached() throws {
        let elements = Operand(Tensor(shape: [2, 2], elements: .int16([-3, 4, 5, 9])))
        let levels = Operand(Tensor(shape: [2, 2], elements: .int32([-3, 5, 5, 9])))
        let ternary = Quantization(format: .ternary, scale: 1)
        let steps = try Thresholds(axis: 1, lowest: -1).evaluate(
            [elements, levels], results: [result([2, 2], ternary)], arithmetic: Arithmetic())
        #expect(steps[0].integers == [0, -1, 1, 1])
        let reals = Operand(Tensor([3], [-0.5, 0.25, 1]))
        let level = Operand(Tensor([1, 1], [0.25]))
        let signed = try Thresholds(axis: 0, lowest: -1, step: 2).evaluate(
            [reals, level], results: [result([3], signs)], arithmetic: Arithmetic())
        #expect(signed[0].integers == [-1, 1, 1])
    }

    @Test func thresholdsRefuseWhatTheResultCannotHold() {
        let elements = Operand(Tensor(shape: [1], elements: .int16([7])))
        let levels = Operand(Tensor(shape: [1, 2], elements: .int32([1, 2])))
        #expect(throws: (any Error).self) {
            try Thresholds(axis: 0).evaluate(
                [elements, levels], results: [result([1], signs)], arithmetic: Arithmetic())
        }
        #expect(throws: (any Error).self) { try Thresholds(axis: 1).outputShapes(of: [[4], [4, 1]]) }
        #expect(throws: (any Error).self) { try Thresholds(axis: 0, step: .max).outputShapes(of: [[4], [4, 3]]) }
        #expect(throws: (any Error).self) { try Thresholds(axis: 0, lowest: .min).outputShapes(of: [[4], [4, 3]]) }
    }

    @Test func scalingRoundsEachStepToSinglePrecision() throws {
        let elements = Operand(Tensor(shape: [1, 2], elements: .int32([16_777_217, 3])))
        let factors = Operand(Tensor([2], [1, 0.5]))
        let terms = Operand(Tensor([2], [1, 0]))
        let operation = ChannelScaling(offset: -2)
        let real = try operation.evaluate(
            [elements, factors, terms], results: [result([1, 2], nil)], arithmetic: Arithmetic())
        #expect(real[0].floats == [16_777_216, 0.5])
        let grid = Quantization(format: .int8, scale: 3, zeroPoint: 5)
        let integers = try operation.evaluate(
            [elements, factors, terms], results: [result([1, 2], grid)], arithmetic: Arithmetic())
        #expect(integers[0].integers == [127, 1])
    }

    /// Small numbers of either sign keep it, however coarse the grid they come from or go to.
    @Test(arguments: RuntimeArithmetic.all) func signsDoNotRound(_ runtime: RuntimeArithmetic) throws {
        let arithmetic = Arithmetic(runtime: runtime)
        let reals = Operand(Tensor([4], [-0.25, -0, 0, 1e-30]))
        let fromReals = try Quantize().evaluate([reals], results: [result([4], signs)], arithmetic: arithmetic)
        #expect(fromReals[0].integers == [-1, 1, 1, 1])
        let fine = Quantization(format: .int8, scale: 0.001, zeroPoint: 3)
        let integers = Operand(Tensor(shape: [3], elements: .int8([2, 3, 4])), quantization: fine)
        let fromIntegers = try Quantize().evaluate([integers], results: [result([3], signs)], arithmetic: arithmetic)
        #expect(fromIntegers[0].integers == [-1, 1, 1])
        let weights = Operand(Tensor(shape: [1, 3], elements: .int8([1, 1, -1])), quantization: signs)
        let sum = try FullyConnected().evaluate(
            [integers, weights], results: [result([1, 1], Quantization(format: .bipolar, scale: 100))],
            arithmetic: arithmetic)
        #expect(sum[0].integers == [-1])
    }
}
