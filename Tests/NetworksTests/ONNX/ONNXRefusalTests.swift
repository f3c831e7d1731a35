import Diagnostics
import Foundation
import Networks
import Tensors
import Testing

/// Scales, zero points, shapes and operands that have no meaning are refused, with the name of the tensor.
struct ONNXRefusalTests {
    /// The faults of a model; none for one that can be read.
    private func faults(_ builder: ONNXModelBuilder) throws -> [String] {
        do {
            _ = try builder.network()
            return []
        } catch let faults as Diagnostics {
            return faults.findings.map(\.message)
        }
    }

    private func convolution(
        scale: Float = 0.1, zeroPoint: Int8 = 0, bias: [Int32] = [1, 2, 3, 4], group: Int64 = 1,
        filters: [Int] = [4, 2, 1, 1]
    ) -> ONNXModelBuilder {
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 2, 3, 3], type: 3)
        for (name, value) in [("xs", scale), ("ws", 0.5), ("ys", 0.2)] { builder.constant(name, [], [value]) }
        for name in ["xz", "wz", "yz"] { builder.constant(name, [], bytes: [zeroPoint]) }
        builder.constant("w", filters, bytes: (0..<filters.reduce(1, *)).map { Int8($0 % 5) })
        builder.constant("b", words: bias)
        builder.node(
            "QLinearConv", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"], "y", integer: ["group": group])
        builder.output("y")
        return builder
    }

    @Test func aSoundConvolutionIsRead() throws {
        #expect(try faults(convolution()) == [])
    }

    @Test(arguments: [
        (Float(0), "'xs': scale 0.0 is not a positive finite number"),
        (-0.5, "'xs': scale -0.5 is not a positive finite number"),
        (.nan, "'xs': scale nan is not a positive finite number"),
        (.infinity, "'xs': scale inf is not a positive finite number"),
        (0x1.1p31, "'xs': scale 2.2817014e+09 is above 2^31"),
    ])
    func scales(_ scale: Float, _ message: String) throws {
        #expect(try faults(convolution(scale: scale)) == [message])
        var builder = ONNXModelBuilder()
        builder.input("x", [4])
        builder.constant("xs", [], [scale])
        builder.constant("z", [], [0])
        builder.constant("bits", [], [4])
        builder.node("Quant", ["x", "xs", "z", "bits"], "y", domain: "qonnx.custom_op.general")
        builder.output("y")
        #expect(try faults(builder) == [message])
    }

    @Test func biasesOfAnotherLength() throws {
        #expect(try faults(convolution(bias: [1, 2, 3])) == ["'b': a bias of 3 for 4 outputs"])
        #expect(try faults(convolution(bias: [])) == ["'b': a bias of 0 for 4 outputs"])
    }

    @Test func channelsThatDoNotDivideByGroups() throws {
        let message = "filters of [3, 1, 1, 1] in 2 groups do not suit an image of [1, 2, 3, 3]"
        #expect(try faults(convolution(bias: [1, 2, 3], group: 2, filters: [3, 1, 1, 1])) == [message])
        #expect(try faults(convolution(group: 0)).count == 1)
        #expect(try faults(convolution(group: Int64.min)).count == 1)
    }

    @Test func tensorsWithoutElements() throws {
        #expect(try faults(convolution(bias: [], filters: [0, 2, 1, 1])).count == 1)
        #expect(try faults(convolution(filters: [4, 2, 0, 1])).count == 1)
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 4])
        builder.constant("w", [4, 0], [])
        builder.node("MatMul", ["x", "w"], "y")
        builder.output("y")
        #expect(try faults(builder) == ["'w' has no elements"])
    }

    @Test func zeroPointsOfAnotherType() throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [4], type: 2)
        builder.constant("s", [], [0.1])
        builder.constant("z", [], bytes: [-3])
        builder.node("DequantizeLinear", ["x", "s", "z"], "y")
        builder.output("y")
        #expect(try faults(builder) == ["reads 'x' as integers of another type than it has"])
        var sums = ONNXModelBuilder()
        sums.input("x", [1, 4], type: 2)
        sums.constant("w", [4, 1], bytes: [1, 2, 3, 4])
        sums.constant("z", [], bytes: [-3])
        sums.node("MatMulInteger", ["x", "w", "z"], "y")
        sums.output("y")
        #expect(try faults(sums) == ["'z' is no zero point of 8-bit integers of the tensor's type"])
    }

    @Test(arguments: [[Float](), [1, 2, 3], [1, 2]])
    func scalesWithoutAnAxis(_ scales: [Float]) throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [2, 4])
        builder.constant("s", [scales.count], scales)
        builder.node("QuantizeLinear", ["x", "s"], "y", integer: ["axis": 0])
        builder.output("y")
        #expect(try faults(builder).isEmpty == (scales.count == 2))
    }

    @Test(arguments: [Float(0), -1, .nan, 1000])
    func widthsOfGrids(_ bits: Float) throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [4])
        builder.constant("s", [], [0.5])
        builder.constant("z", [], [0])
        builder.constant("bits", [], [bits])
        builder.node("Quant", ["x", "s", "z", "bits"], "y")
        builder.output("y")
        #expect(try faults(builder) == ["'bits': a width of \(bits) bits is not supported"])
    }

    @Test func roundingModesThatQONNXDoesNotKnow() throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [4])
        for name in ["s", "b"] { builder.constant(name, [], [2]) }
        builder.constant("z", [], [0])
        builder.node("Quant", ["x", "s", "z", "b"], "y", texts: ["rounding_mode": "ROUND_TO_ZERO"])
        builder.output("y")
        #expect(try faults(builder) == ["rounding mode 'ROUND_TO_ZERO' is not known"])
    }

    @Test func thresholdsOfOtherChannels() throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 3, 2, 2])
        builder.constant("t", [2, 1], [1, 2])
        builder.node("MultiThreshold", ["x", "t"], "y", domain: "qonnx.custom_op.general")
        builder.output("y")
        #expect(try faults(builder).count == 1)
    }

    @Test func matricesThatDoNotSuit() throws {
        for shape in [[3, 2], [4], [2, 3, 4], []] {
            var builder = ONNXModelBuilder()
            builder.input("x", [2, 4], type: 3)
            builder.constant("w", shape, bytes: (0..<shape.reduce(1, *)).map { Int8($0) })
            builder.node("MatMulInteger", ["x", "w"], "y")
            builder.output("y")
            #expect(try faults(builder).count == 1, "\(shape)")
        }
    }
}
