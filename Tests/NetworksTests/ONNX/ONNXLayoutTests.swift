import Diagnostics
import FixedPoint
import Networks
import Tensors
import Testing

/// Axis orders, quantize/dequantize patterns and shape arithmetic of small models.
struct ONNXLayoutTests {
    @Test func convolvesImagesInTheOrderOfTheFile() throws {
        var numbers = TestNumbers(state: 1)
        var builder = ONNXModelBuilder()
        builder.input("x", [0, 2, 5, 4])
        let filters = numbers.reals(3 * 2 * 3 * 3)
        builder.constant("w", [3, 2, 3, 3], filters)
        builder.node(
            "Conv", ["x", "w"], "c", integers: ["pads": [1, 0, 1, 1], "strides": [2, 1], "kernel_shape": [3, 3]])
        builder.node("Transpose", ["c"], "t", integers: ["perm": [0, 2, 3, 1]])
        builder.output("c")
        builder.output("t")
        let network = try builder.network()
        #expect(network[network.inputs[0]].shape == [1, 2, 5, 4])
        let image = numbers.tensor([1, 2, 5, 4])
        let results = try network.evaluated([image])
        #expect(results[0].shape == [1, 3, 3, 3])
        #expect(results[1] == results[0].permuted([0, 2, 3, 1]))
        let pixels = image.floats
        for (place, value) in results[0].floats.enumerated() {
            let (channel, row, column) = (place / 9, place / 3 % 3, place % 3)
            var sum: Float = 0
            for input in 0..<2 {
                for y in 0..<3 {
                    for x in 0..<3 {
                        let (sourceRow, sourceColumn) = (row * 2 + y - 1, column + x)
                        guard (0..<5).contains(sourceRow), (0..<4).contains(sourceColumn) else { continue }
                        sum +=
                            pixels[(input * 5 + sourceRow) * 4 + sourceColumn]
                            * filters[((channel * 2 + input) * 3 + y) * 3 + x]
                    }
                }
            }
            #expect(abs(sum - value) < 1e-4)
        }
    }

    @Test func readsANetworkWithoutTransposesInside() throws {
        var numbers = TestNumbers(state: 2)
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 1, 8, 8])
        builder.constant("w1", [4, 1, 3, 3], numbers.reals(36))
        builder.constant("w2", [4, 1, 3, 3], numbers.reals(36))
        builder.constant("b2", [4], numbers.reals(4))
        builder.constant("m", [64, 6], numbers.reals(384))
        builder.constant("v", [6], numbers.reals(6))
        builder.constant("slot", integers: [0])
        builder.constant("minus", integers: [-1])
        builder.node("Conv", ["x", "w1"], "c1", integers: ["pads": [1, 1, 1, 1]])
        builder.node("Relu", ["c1"], "r1")
        builder.node("Conv", ["r1", "w2", "b2"], "c2", integers: ["pads": [1, 1, 1, 1]], integer: ["group": 4])
        builder.node("Add", ["c2", "r1"], "a")
        builder.node("MaxPool", ["a"], "p", integers: ["kernel_shape": [2, 2], "strides": [2, 2]])
        builder.node("Shape", ["p"], "s")
        builder.node("Gather", ["s", "slot"], "s0")
        builder.node("Concat", ["s0", "minus"], "target", integer: ["axis": 0])
        builder.node("Reshape", ["p", "target"], "f")
        builder.node("MatMul", ["f", "m"], "d")
        builder.node("Add", ["d", "v"], "e")
        builder.node("Softmax", ["e"], "y")
        builder.output("y")
        let network = try builder.network()
        let simple = network.simplified()
        #expect(simple.faults(file: "model").isEmpty)
        #expect(!simple.nodes.contains { $0.operation is Transpose })
        #expect(simple.nodes.count == 7)
        let image = numbers.tensor([1, 1, 8, 8])
        let (before, after) = (try network.evaluated([image])[0].floats, try simple.evaluated([image])[0].floats)
        for (left, right) in zip(before, after) { #expect(abs(left - right) < 1e-5) }
    }

    /// A convolution with a clamp and a residual sum, all between quantize and dequantize nodes.
    static func quantizedModel() -> ONNXModelBuilder {
        var numbers = TestNumbers(state: 4)
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 3, 6, 6])
        builder.constant("s", [], [0.05])
        builder.constant("z", [], bytes: [4])
        builder.constant("t", [], [0.11])
        builder.constant("zw", [3], bytes: [0, 0, 0])
        builder.constant("sw", [3], [0.01, 0.02, 0.015])
        let weights = (0..<81).map { _ in Int8.random(in: -127...127, using: &numbers) }
        builder.constant("w", [3, 3, 3, 3], bytes: weights)
        builder.constant("b", [3], [0.3, -0.2, 0.1])
        builder.node("QuantizeLinear", ["x", "s", "z"], "xq")
        builder.node("DequantizeLinear", ["xq", "s", "z"], "xd")
        builder.node("DequantizeLinear", ["w", "sw", "zw"], "wd", integer: ["axis": 0])
        builder.node("Conv", ["xd", "wd", "b"], "c", integers: ["pads": [1, 1, 1, 1]])
        builder.node("Relu", ["c"], "r")
        builder.node("QuantizeLinear", ["r", "t", "z"], "rq")
        builder.node("DequantizeLinear", ["rq", "t", "z"], "rd")
        builder.node("Add", ["rd", "xd"], "a")
        builder.node("QuantizeLinear", ["a", "t", "z"], "aq")
        builder.node("DequantizeLinear", ["aq", "t", "z"], "ad")
        builder.node("GlobalAveragePool", ["ad"], "g")
        builder.node("Flatten", ["g"], "f")
        builder.node("QuantizeLinear", ["f", "s", "z"], "fq")
        builder.node("DequantizeLinear", ["fq", "s", "z"], "y")
        builder.output("y")
        return builder
    }

    @Test func turnsQuantizePatternsIntoIntegerNodes() throws {
        let network = try Self.quantizedModel().network()
        let kinds = network.nodes.map { $0.operation.name }
        #expect(
            kinds == [
                "transpose", "quantize", "convolution2D", "addition", "mean", "reshape", "dequantize",
            ])
        let layer = try #require(network.nodes.first { $0.operation is Convolution2D })
        #expect((layer.operation as? Convolution2D)?.activation == .relu)
        let bias = try #require(layer.bias)
        #expect(network[bias].constant == Tensor(shape: [3], elements: .int32([600, -200, 133])))
        #expect(network.runtime == .onnxRuntime)
    }

    @Test func fusesASeparateBiasIntoIntegers() throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 4])
        builder.constant("s", [], [0.05])
        builder.constant("z", [], bytes: [0])
        builder.constant("w", [4, 3], bytes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
        builder.constant("b", [3], bytes: [10, -20, 30])
        builder.node("QuantizeLinear", ["x", "s", "z"], "xq")
        builder.node("DequantizeLinear", ["xq", "s", "z"], "xd")
        builder.node("DequantizeLinear", ["w", "s", "z"], "wd")
        builder.node("MatMul", ["xd", "wd"], "m")
        builder.node("DequantizeLinear", ["b", "s", "z"], "bd")
        builder.node("Add", ["bd", "m"], "a")
        builder.node("QuantizeLinear", ["a", "s", "z"], "aq")
        builder.node("DequantizeLinear", ["aq", "s", "z"], "y")
        builder.output("y")
        let network = try builder.network()
        #expect(network.nodes.map { $0.operation.name } == ["quantize", "fullyConnected", "dequantize"])
        let bias = try #require(network.nodes[1].bias)
        #expect(network[bias].constant == Tensor(shape: [3], elements: .int32([200, -400, 600])))
    }

    @Test func leavesPatternsThatDoNotSuitReal() throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 4])
        builder.constant("s", [], [0.05])
        builder.constant("z", [], bytes: [0])
        builder.constant("w", [4, 4], bytes: Array(repeating: 3, count: 16))
        builder.node("QuantizeLinear", ["x", "s", "z"], "xq")
        builder.node("DequantizeLinear", ["xq", "s", "z"], "xd")
        builder.node("DequantizeLinear", ["w", "s", "z"], "wd")
        builder.node("MatMul", ["xd", "wd"], "y")
        builder.output("y")
        let network = try builder.network()
        #expect(network.nodes.map { $0.operation.name } == ["quantize", "dequantize", "fullyConnected"])
        let result = try network.evaluated([Tensor([1, 4], [0.1, 0.2, -0.1, 0.05])])
        for value in result[0].floats { #expect(abs(value - 0.25 * 0.15) < 1e-6) }
    }

    @Test(arguments: [
        ("Clip", "a clamp to -2.0...2.0 is not supported", ["min": Float(-2), "max": 2]),
        ("Elu", "operator Elu is not supported", ["alpha": 1]),
        ("Relu", "attribute 'alpha' of Relu is not supported", ["alpha": 1]),
    ])
    func refuses(type: String, message: String, reals: [String: Float]) throws {
        var builder = ONNXModelBuilder(version: 8)
        builder.input("x", [1, 4])
        builder.node(type, ["x"], "y", reals: reals)
        builder.output("y")
        let fault = #expect(throws: Diagnostics.self) { try builder.network() }
        #expect(fault?.findings.map(\.message) == [message])
    }
}
