import Diagnostics
import Foundation
import Networks
import Tensors
import Testing

/// Integer operators against the vectors of ONNX Runtime in the data kit.
struct ONNXOperatorTests {
    /// The models whose operators can be read.
    static let supported = [
        "dequantizelinear", "qgemm", "qlinearadd", "qlinearavgpool", "qlinearconv", "qlinearglobalavgpool",
        "qlinearmatmul", "quantizelinear",
    ]

    static var folders: [URL] {
        SharedData.files("golden/onnx/ops", suffix: "model.onnx").map { $0.deletingLastPathComponent() }
            .filter { folder in supported.contains { folder.lastPathComponent.hasPrefix("\($0)_") } }
    }

    @Test(.enabled(if: SharedData.isPresent, "the data kit is absent"))
    func equalsONNXRuntime() throws {
        #expect(Self.folders.count >= 30)
        for folder in Self.folders { try compare(folder) }
    }

    private func compare(_ folder: URL) throws {
        let name = folder.lastPathComponent
        let index = try JSONDecoder().decode(
            VectorIndex.self, from: Data(contentsOf: folder.appending(path: "index.json")))
        let network: Network
        do {
            network = try ONNXReader().read(
                Data(contentsOf: folder.appending(path: "model.onnx")), fileName: "\(name).onnx")
        } catch let fault as Diagnostics {
            Issue.record("\(name): \(fault.findings.map(\.message))")
            return
        }
        let inputs = try Data(contentsOf: folder.appending(path: index.inputs.file))
        let outputs = try Data(contentsOf: folder.appending(path: index.outputs.file))
        var different = 0
        for record in 0..<index.cases {
            let given = try index.inputs.tensors(of: inputs, record: record)
            let expected = try index.outputs.tensors(of: outputs, record: record)
            let computed = try network.evaluated(given)
            for (left, right) in zip(computed, expected) where left != right { different += 1 }
        }
        #expect(different == 0, "\(name): \(different) of \(index.cases) cases differ")
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
