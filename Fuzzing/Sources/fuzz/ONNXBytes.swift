import Foundation

/// Writes small ONNX models; numbers are the fields and data types of the public schema.
struct ONNXBytes {
    private var graph = ProtobufBytes()

    /// The model file.
    var bytes: Data {
        var model = ProtobufBytes()
        model.append(1, integer: 8)
        model.append(7, bytes: graph.bytes)
        model.append(8) { $0.append(2, integer: 13) }
        return model.bytes
    }

    private mutating func declare(_ field: UInt64, _ name: String, _ shape: [Int64]) {
        graph.append(field) { value in
            value.append(1, text: name)
            value.append(2) { type in
                type.append(1) { tensor in
                    tensor.append(1, integer: 1)
                    tensor.append(2) { extents in
                        for extent in shape { extents.append(1) { $0.append(1, integer: extent) } }
                    }
                }
            }
        }
    }

    mutating func input(_ name: String, _ shape: [Int64]) { declare(11, name, shape) }

    mutating func output(_ name: String) { declare(12, name, []) }

    private mutating func constant(_ name: String, _ shape: [Int64], type: Int64, _ contents: Data) {
        graph.append(5) { tensor in
            for extent in shape { tensor.append(1, integer: extent) }
            tensor.append(2, integer: type)
            tensor.append(8, text: name)
            tensor.append(9, bytes: contents)
        }
    }

    mutating func constant(_ name: String, _ shape: [Int64], reals: [Float]) {
        constant(name, shape, type: 1, Data(reals.flatMap { FlatBytes.littleEndian($0.bitPattern) }))
    }

    mutating func constant(_ name: String, _ shape: [Int64], bytes: [Int8]) {
        constant(name, shape, type: 3, Data(bytes.map { UInt8(bitPattern: $0) }))
    }

    mutating func constant(_ name: String, integers: [Int64]) {
        constant(name, [Int64(integers.count)], type: 7, Data(integers.flatMap(FlatBytes.littleEndian)))
    }

    mutating func node(_ type: String, _ inputs: [String], _ output: String, integers: [(String, [Int64])] = []) {
        graph.append(1) { node in
            for input in inputs { node.append(1, text: input) }
            node.append(2, text: output)
            node.append(4, text: type)
            for (name, values) in integers {
                node.append(5) { attribute in
                    attribute.append(1, text: name)
                    for value in values { attribute.append(8, integer: value) }
                    attribute.append(20, integer: 7)
                }
            }
        }
    }
}
