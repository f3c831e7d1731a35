import Foundation
import Networks
import Tensors
import Testing

/// A model of one operator with recorded inputs and the outputs that a reference gave for them.
struct GoldenVector: Sendable, CustomTestStringConvertible {
    let folder: URL

    var testDescription: String { folder.lastPathComponent }

    /// The vectors below a folder of the data kit, in order.
    static func all(in folder: String) -> [GoldenVector] {
        SharedData.files(folder, suffix: "/model.onnx").map { GoldenVector(folder: $0.deletingLastPathComponent()) }
    }

    func network() throws -> Network {
        try ONNXReader().read(
            Data(contentsOf: folder.appending(path: "model.onnx")), fileName: "\(folder.lastPathComponent).onnx")
    }

    /// How many bytes were compared, and how many of them differ, over all cases.
    func comparison(_ run: ([Tensor]) throws -> [Tensor]) throws -> (compared: Int, different: Int) {
        let index = try JSONDecoder().decode(
            VectorIndex.self, from: Data(contentsOf: folder.appending(path: "index.json")))
        let inputs = try Data(contentsOf: folder.appending(path: index.inputs.file))
        let outputs = try Data(contentsOf: folder.appending(path: index.outputs.file))
        var (compared, different) = (0, 0)
        for record in 0..<index.cases {
            let computed = try run(index.inputs.tensors(of: inputs, record: record))
            let start = record * index.outputs.recordBytes
            let bytes = computed.map(\.littleEndianBytes).reduce(Data(), +)
            #expect(bytes.count == index.outputs.recordBytes)
            #expect(computed.map(\.shape.extents) == index.outputs.tensors.map(\.shape))
            let expected = outputs.dropFirst(start).prefix(index.outputs.recordBytes)
            different += zip(bytes, expected).count { $0 != $1 }
            compared += min(bytes.count, expected.count)
        }
        return (compared, different)
    }
}

/// What the vectors' index file says.
struct VectorIndex: Decodable {
    struct File: Decodable {
        struct Part: Decodable {
            var name: String
            var dtype: String
            var shape: [Int]
        }
        var file: String
        var recordBytes: Int
        var tensors: [Part]

        enum CodingKeys: String, CodingKey {
            case file
            case recordBytes = "record_bytes"
            case tensors
        }

        func tensors(of data: Data, record: Int) throws -> [Tensor] {
            var offset = data.startIndex + record * recordBytes
            return try tensors.map { part in
                let type = try #require(ElementType(rawValue: part.dtype))
                let shape = try #require(Shape(checking: part.shape))
                let end = offset + shape.elementCount * type.byteCount
                defer { offset = end }
                return Tensor(shape: shape, littleEndian: data.subdata(in: offset..<end), type: type)
            }
        }
    }
    var cases: Int
    var inputs: File
    var outputs: File
}
