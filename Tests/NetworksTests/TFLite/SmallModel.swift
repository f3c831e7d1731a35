/// A small int8 network as a TFLite file: convolution, average pool, reshape, fully connected layer, softmax.
struct SmallModel {
    struct Tensor {
        var name: String
        var shape: [Int32]
        /// `TensorType` of the schema.
        var type: Int8 = 9
        var buffer: Int32 = 0
        var scales: [Float] = [0.5]
        var zeroPoints: [Int64] = [0]
        var dimension: Int32 = 0

        fileprivate var fields: [Int: FlatBytes.Field] {
            let quantization: [Int: FlatBytes.Field] = [
                2: .floats(scales), 3: .longs(zeroPoints), 6: .int32(dimension),
            ]
            return [
                0: .ints(shape), 1: .int8(type), 2: .int32(buffer), 3: .string(name), 4: .table(quantization),
            ]
        }
    }

    struct Step {
        /// `BuiltinOperator` of the schema.
        var code: Int32
        var inputs: [Int32]
        var outputs: [Int32]
        var options: [Int: FlatBytes.Field] = [:]
    }

    var tensors = [
        Tensor(name: "image", shape: [1, 4, 4, 2]),
        Tensor(name: "filters", shape: [3, 3, 3, 2], buffer: 1, scales: [0.5, 0.25, 1], zeroPoints: [0, 0, 0]),
        Tensor(name: "bias", shape: [3], type: 2, buffer: 2, scales: [0.25, 0.125, 0.5], zeroPoints: [0, 0, 0]),
        Tensor(name: "maps", shape: [1, 4, 4, 3]),
        Tensor(name: "pooled", shape: [1, 2, 2, 3]),
        Tensor(name: "row shape", shape: [2], type: 2, buffer: 3, scales: [], zeroPoints: []),
        Tensor(name: "row", shape: [1, 12]),
        Tensor(name: "matrix", shape: [2, 12], buffer: 4),
        Tensor(name: "sums", shape: [1, 2]),
        Tensor(name: "classes", shape: [1, 2], scales: [1 / 256], zeroPoints: [-128]),
    ]
    var steps = [
        Step(
            code: 3, inputs: [0, 1, 2], outputs: [3], options: [0: .int8(0), 1: .int32(1), 2: .int32(1), 3: .int8(1)]),
        Step(
            code: 1, inputs: [3], outputs: [4],
            options: [0: .int8(1), 1: .int32(2), 2: .int32(2), 3: .int32(2), 4: .int32(2)]),
        Step(code: 22, inputs: [4, 5], outputs: [6]),
        Step(code: 9, inputs: [6, 7, -1], outputs: [8], options: [0: .int8(0)]),
        Step(code: 25, inputs: [8], outputs: [9], options: [0: .float(1)]),
    ]
    var buffers: [[Int: FlatBytes.Field]] = [
        [:],
        [0: .bytes((0..<54).map { UInt8($0) })],
        [0: .bytes([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0])],
        [0: .bytes([1, 0, 0, 0, 12, 0, 0, 0])],
        [0: .bytes((0..<24).map { UInt8($0) })],
    ]

    /// The file; codes above 126 are written as current converters do.
    var bytes: [UInt8] {
        let codes = Set(steps.map(\.code)).sorted()
        let operators = steps.map { step -> [Int: FlatBytes.Field] in
            [
                0: .int32(Int32(codes.firstIndex(of: step.code) ?? 0)), 1: .ints(step.inputs), 2: .ints(step.outputs),
                3: .int8(1), 4: .table(step.options),
            ]
        }
        let subgraph: [Int: FlatBytes.Field] = [
            0: .tables(tensors.map(\.fields)), 1: .ints([0]), 2: .ints([Int32(tensors.count - 1)]),
            3: .tables(operators),
        ]
        return FlatBytes.file(
            root: [
                0: .int32(3), 1: .tables(codes.map { [0: .int8(Int8(min($0, 127))), 3: .int32($0)] }),
                2: .tables([subgraph]), 4: .tables(buffers),
            ], identifier: "TFL3")
    }
}
