import Foundation
import Networks
import SwiftProtobuf
import Tensors

/// Small ONNX models written with the generated types.
struct ONNXModelBuilder {
    var model = ONNXModel()

    init(version: Int64 = 13) {
        var set = ONNXOperatorSet()
        set.version = version
        var other = ONNXOperatorSet()
        (other.domain, other.version) = ("com.microsoft", 1)
        model.opsetImport = [set, other]
        model.irVersion = 8
        model.graph = ONNXGraph()
    }

    private func declaration(_ name: String, _ shape: [Int], type: Int32) -> ONNXValueInfo {
        var value = ONNXValueInfo()
        value.name = name
        value.type.tensorType.elemType = type
        value.type.tensorType.shape.dim = shape.map { extent in
            var dimension = ONNXDimension()
            if extent > 0 { dimension.dimValue = Int64(extent) } else { dimension.dimParam = "N" }
            return dimension
        }
        return value
    }

    mutating func input(_ name: String, _ shape: [Int], type: Int32 = 1) {
        model.graph.input.append(declaration(name, shape, type: type))
    }

    mutating func output(_ name: String) {
        model.graph.output.append(declaration(name, [], type: 1))
    }

    mutating func constant(_ name: String, _ shape: [Int], _ values: [Float]) {
        var tensor = ONNXTensor()
        (tensor.name, tensor.dims, tensor.dataType, tensor.floatData) = (name, shape.map(Int64.init), 1, values)
        model.graph.initializer.append(tensor)
    }

    mutating func constant(_ name: String, _ shape: [Int], bytes values: [Int8]) {
        var tensor = ONNXTensor()
        (tensor.name, tensor.dims, tensor.dataType) = (name, shape.map(Int64.init), 3)
        tensor.rawData = Data(values.map { UInt8(bitPattern: $0) })
        model.graph.initializer.append(tensor)
    }

    mutating func constant(_ name: String, integers values: [Int64], shape: [Int]? = nil) {
        var tensor = ONNXTensor()
        tensor.name = name
        tensor.dims = (shape ?? [values.count]).map(Int64.init)
        (tensor.dataType, tensor.int64Data) = (7, values)
        model.graph.initializer.append(tensor)
    }

    mutating func constant(_ name: String, words values: [Int32]) {
        var tensor = ONNXTensor()
        (tensor.name, tensor.dims, tensor.dataType, tensor.int32Data) = (name, [Int64(values.count)], 6, values)
        model.graph.initializer.append(tensor)
    }

    mutating func node(
        _ type: String, _ inputs: [String], _ output: String, domain: String = "", integers: [String: [Int64]] = [:],
        integer: [String: Int64] = [:], reals: [String: Float] = [:], texts: [String: String] = [:]
    ) {
        var node = ONNXNode()
        (node.opType, node.input, node.output, node.domain) = (type, inputs, [output], domain)
        for (name, values) in integers.sorted(by: { $0.key < $1.key }) {
            var attribute = ONNXAttribute()
            (attribute.name, attribute.ints, attribute.type) = (name, values, .ints)
            node.attribute.append(attribute)
        }
        for (name, value) in integer.sorted(by: { $0.key < $1.key }) {
            var attribute = ONNXAttribute()
            (attribute.name, attribute.i, attribute.type) = (name, value, .int)
            node.attribute.append(attribute)
        }
        for (name, value) in reals.sorted(by: { $0.key < $1.key }) {
            var attribute = ONNXAttribute()
            (attribute.name, attribute.f, attribute.type) = (name, value, .float)
            node.attribute.append(attribute)
        }
        for (name, value) in texts.sorted(by: { $0.key < $1.key }) {
            var attribute = ONNXAttribute()
            (attribute.name, attribute.s, attribute.type) = (name, Data(value.utf8), .string)
            node.attribute.append(attribute)
        }
        model.graph.node.append(node)
    }

    func bytes() throws -> Data {
        try model.serializedData()
    }

    func network() throws -> Network {
        try ONNXReader().read(bytes(), fileName: "model.onnx")
    }
}

/// Repeatable numbers for tests.
struct TestNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var word = state
        word = (word ^ (word >> 33)) &* 0xff51_afd7_ed55_8ccd
        return word ^ (word >> 33)
    }

    mutating func reals(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float.random(in: -1...1, using: &self) }
    }

    mutating func tensor(_ shape: Shape) -> Tensor {
        Tensor(shape, reals(shape.elementCount))
    }
}
