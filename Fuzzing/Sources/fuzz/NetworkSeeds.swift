import Foundation

/// Small ONNX networks with many kinds of operators.
enum NetworkSeeds {
    static var realONNX: Data {
        var model = ONNXBytes()
        model.input("x", [1, 1, 4, 4])
        model.constant("w", [2, 1, 3, 3], reals: (0..<18).map { Float($0) / 8 - 1 })
        model.constant("m", [8, 2], reals: (0..<16).map { Float($0) / 8 - 1 })
        model.constant("shape", integers: [1, -1])
        model.node("Conv", ["x", "w"], "c", integers: [("pads", [1, 1, 1, 1])])
        model.node("Relu", ["c"], "r")
        model.node("Add", ["c", "r"], "a")
        model.node("MaxPool", ["a"], "p", integers: [("kernel_shape", [2, 2]), ("strides", [2, 2])])
        model.node("Reshape", ["p", "shape"], "f")
        model.node("MatMul", ["f", "m"], "y")
        model.output("y")
        return model.bytes
    }

    static var quantizedONNX: Data {
        var model = ONNXBytes()
        model.input("x", [1, 2, 3, 3])
        model.constant("s", [], reals: [0.5])
        model.constant("z", [], bytes: [1])
        model.constant("t", [], bytes: [0])
        model.constant("w", [2, 2, 1, 1], bytes: [1, -2, 3, -4])
        model.node("QuantizeLinear", ["x", "s", "z"], "q")
        model.node("DequantizeLinear", ["q", "s", "z"], "d")
        model.node("DequantizeLinear", ["w", "s", "t"], "v")
        model.node("Conv", ["d", "v"], "c")
        model.node("QuantizeLinear", ["c", "s", "z"], "p")
        model.node("DequantizeLinear", ["p", "s", "z"], "y")
        model.output("y")
        return model.bytes
    }
}
