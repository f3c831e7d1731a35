import Diagnostics
import Foundation
import Networks
import Tensors
import Testing

/// Files of Larq Compute Engine against the golden vectors of its reference kernels.
@Suite(.enabled(if: SharedData.isPresent, "the data kit is absent")) struct LarqTests {
    static let models = SharedData.files("golden/lce", suffix: "model.tflite")

    private struct Index: Decodable {
        struct File: Decodable {
            var file: String
            var recordBytes: Int
            var shape: [Int]
        }
        var cases: Int
        var inputs: File
        var outputs: File
    }

    @Test(arguments: models)
    func outputsAreThoseOfTheReference(_ model: URL) throws {
        let folder = model.deletingLastPathComponent()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let index = try decoder.decode(Index.self, from: Data(contentsOf: folder.appending(path: "index.json")))
        let network = try TFLiteReader().read(Data(contentsOf: model), fileName: "model.tflite")
        for network in [network, network.simplified()] {
            let inputs = try Data(contentsOf: folder.appending(path: index.inputs.file))
            var outputs = Data()
            for record in 0..<index.cases {
                let bytes = inputs.dropFirst(record * index.inputs.recordBytes).prefix(index.inputs.recordBytes)
                let input = Tensor(shape: Shape(index.inputs.shape), littleEndian: bytes, type: .float32)
                outputs += try network.evaluated([input])[0].littleEndianBytes
            }
            let expected = try Data(contentsOf: folder.appending(path: index.outputs.file))
            #expect(outputs.count == expected.count)
            #expect(zip(outputs, expected).count { $0 != $1 } == 0, "\(folder.lastPathComponent)")
        }
    }

    @Test func damagedOptionsAreRefusedOrHarmless() throws {
        let model = try #require(Self.models.last)
        let bytes = try Data(contentsOf: model)
        let keys = Data("channels_in".utf8)
        let place = try #require(bytes.range(of: keys))
        var refused = 0
        for offset in place.lowerBound - 8..<min(place.lowerBound + 232, bytes.count) {
            for value in [UInt8(0), 1, 0x7f, 0x80, 0xff] {
                var damaged = bytes
                damaged[offset] = value
                do {
                    _ = try TFLiteReader().read(damaged, fileName: "damaged.tflite")
                } catch let findings as Diagnostics {
                    #expect(!findings.findings.isEmpty)
                    refused += 1
                }
            }
        }
        #expect(refused > 300)
    }
}
