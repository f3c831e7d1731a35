import Foundation
import Networks
import Tensors

/// A recorded model: its network, its cases and what the reference runtime gave.
struct GoldenModel {
    struct Index: Decodable {
        struct Tensor: Decodable {
            let index: Int
            let name: String
            let dtype: String
        }
        struct File: Decodable {
            struct Part: Decodable {
                let tensor: Int
                let offset: Int
                let bytes: Int
            }
            let file: String
            let recordBytes: Int
            let records: Int
            let tensors: [Part]?
        }
        struct Operation: Decodable {
            let op: String
        }
        let reference: String
        let tensors: [Tensor]
        let operators: [Operation]
        let inputs: File
        let outputs: [String: File]
        let trace: [String: File]?
    }

    let index: Index
    let network: Network
    let folder: String

    init(_ folder: String) throws {
        self.folder = folder
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        index = try decoder.decode(Index.self, from: SharedData.bytes(folder + "/index.json"))
        network = try TFLiteReader().read(SharedData.bytes(folder + "/model.tflite"), fileName: folder)
    }

    /// The network's inputs for each case.
    func cases() throws -> [[Tensor]] {
        let bytes = try SharedData.bytes(folder + "/" + index.inputs.file)
        return (0..<index.inputs.records).map { record in
            var start = record * index.inputs.recordBytes
            return network.inputs.map { id in
                let value = network[id]
                let count = value.shape.elementCount * value.elementType.byteCount
                defer { start += count }
                return Tensor(
                    shape: value.shape, littleEndian: Data(bytes[start..<start + count]), type: value.elementType)
            }
        }
    }

    func outputs(of engine: String) throws -> (bytes: Data, recordBytes: Int)? {
        guard let file = index.outputs[engine] else { return nil }
        return (try SharedData.bytes(folder + "/" + file.file), file.recordBytes)
    }
}

/// How many bytes of two records differ.
func differences(_ one: Data, _ two: Data) -> Int {
    guard one.count == two.count else { return max(one.count, two.count) }
    return zip(one, two).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
}
