import Diagnostics
import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

/// Operators of reals by their definition, and their integers by the reals for which these stand.
@Suite struct CurveOperatorTests {
    private let reals: [Float] = (-40...40).map { Float($0) / 5 }

    private func evaluated(_ operation: any Operator, _ operands: [Operand], _ result: ResultType) throws -> Tensor {
        try operation.evaluate(operands, results: [result], arithmetic: Arithmetic(runtime: .tflm))[0]
    }

    @Test func realsFollowTheDefinitions() throws {
        let input = Operand(Tensor(Shape([reals.count]), reals))
        let curves: [(any Operator, (Double) -> Double)] = [
            (Sigmoid(), { 1 / (1 + exp(-$0)) }), (HyperbolicTangent(), { tanh($0) }),
            (HardSwish(), { $0 * min(max($0 + 3, 0), 6) / 6 }),
        ]
        for (operation, curve) in curves {
            let type = ResultType(shape: input.shape, elementType: .float32)
            let results = try evaluated(operation, [input], type).floats
            for (real, result) in zip(reals, results) { #expect(abs(Double(result) - curve(Double(real))) < 1e-5) }
        }
    }

    /// Every 8-bit element, within one step of the result.
    @Test(arguments: RuntimeArithmetic.all.map(\.name))
    func integersStandForTheNearestReals(_ name: String) throws {
        let runtime = try #require(RuntimeArithmetic.named(name))
        let bytes = Array(-128...127)
        let tensor = try #require(Tensor(Shape([256]), integers: bytes, storedAs: .int8))
        let input = Quantization(format: .int8, scale: 0.06, zeroPoint: -4)
        let cases: [(any Operator, Quantization, (Double) -> Double)] = [
            (Sigmoid(), Quantization(format: .int8, scale: 1 / 256, zeroPoint: -128), { 1 / (1 + exp(-$0)) }),
            (HyperbolicTangent(), Quantization(format: .int8, scale: 1 / 128), { tanh($0) }),
            (
                HardSwish(), Quantization(format: .int8, scale: 0.05, zeroPoint: -100),
                { $0 * min(max($0 + 3, 0), 6) / 6 }
            ),
        ]
        for (operation, output, curve) in cases {
            let type = ResultType(shape: tensor.shape, elementType: .int8, quantization: output)
            let results = try operation.evaluate(
                [Operand(tensor, quantization: input)], results: [type], arithmetic: Arithmetic(runtime: runtime))
            for (byte, result) in zip(bytes, try #require(results[0].integers)) {
                let real = curve(Double(input.scale) * Double(byte + 4)) / Double(output.scale)
                let exact = min(max(real + Double(output.zeroPoint), -128), 127)
                #expect(abs(Double(result) - exact) <= 1)
            }
        }
    }

    @Test func transposedConvolutionSpreadsPixels() throws {
        let image = Operand(Tensor([1, 2, 2, 1], [1, 2, 3, 4]))
        let filters = Operand(Tensor([1, 2, 2, 1], [1, 10, 100, 1000]))
        let operation = TransposedConvolution2D(
            strideHeight: 2, strideWidth: 1, top: 0, left: 0, outputHeight: 4, outputWidth: 3)
        let type = ResultType(shape: [1, 4, 3, 1], elementType: .float32)
        #expect(try operation.outputShapes(of: [[1, 2, 2, 1], [1, 2, 2, 1]]) == [type.shape])
        let expected: [Float] = [1, 12, 20, 100, 1200, 2000, 3, 34, 40, 300, 3400, 4000]
        #expect(try evaluated(operation, [image, filters], type).floats == expected)
    }

    @Test func resizingTakesOrWeighsPixels() throws {
        let image = Operand(Tensor([1, 1, 2, 1], [0, 8]))
        let type = ResultType(shape: [1, 1, 4, 1], elementType: .float32)
        func resized(_ operation: any Operator) throws -> [Float] { try evaluated(operation, [image], type).floats }
        #expect(try resized(NearestResize(height: 1, width: 4, sampling: .corner)) == [0, 0, 8, 8])
        #expect(try resized(BilinearResize(height: 1, width: 4, sampling: .corner)) == [0, 4, 8, 8])
        #expect(try resized(BilinearResize(height: 1, width: 4, sampling: .halfPixel)) == [0, 2, 6, 8])
        let aligned = try resized(BilinearResize(height: 1, width: 4, sampling: .alignedCorners))
        for (value, expected) in zip(aligned, [0, 8.0 / 3, 16.0 / 3, 8] as [Float]) {
            #expect(abs(value - expected) < 1e-5)
        }
    }

    @Test func slopesAreBroadcast() throws {
        let input = Operand(Tensor([1, 2, 2], [-1, -2, 3, -4]))
        let slopes = Operand(Tensor([2], [0.5, 0.25]))
        let type = ResultType(shape: [1, 2, 2], elementType: .float32)
        #expect(try evaluated(ParametricRectifier(), [input, slopes], type).floats == [-0.5, -0.5, 3, -1])
        #expect(throws: Diagnostic.self) { try ParametricRectifier().outputShapes(of: [[2], [3]]) }
    }
}
