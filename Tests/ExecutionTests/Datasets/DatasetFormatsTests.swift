import Diagnostics
import Execution
import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

@Suite struct DatasetFormatsTests {
    private func network(_ shape: Shape, quantization: Quantization? = nil, classes: Int = 10) -> Network {
        var network = Network(name: "test")
        let type = quantization?.storage ?? .float32
        let input = network.append(Value(name: "image", shape: shape, elementType: type, quantization: quantization))
        let output = network.append(Value(name: "classes", shape: [1, classes], elementType: .float32))
        (network.inputs, network.outputs) = ([input], [output])
        return network
    }

    private func npy(_ descriptor: String, _ shape: String, fortran: Bool = false, _ bytes: [UInt8]) -> Data {
        var header = "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
        header += String(repeating: " ", count: 63 - (10 + header.count) % 64) + "\n"
        return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count % 256), UInt8(header.count / 256)])
            + Data(header.utf8) + Data(bytes)
    }

    @Test func arraysKeepTheirOrder() throws {
        let network = network([1, 2, 2, 3])
        let channelsLast = npy("|u1", "(2, 2, 2, 3)", Array(0..<24))
        let cases = try DatasetFormats.standard.read(inputs: DataFile(channelsLast, name: "x.npy"), for: network)
        #expect(cases.count == 2)
        #expect(try cases.case(at: 1) == [Tensor([1, 2, 2, 3], (12..<24).map(Float.init))])
        let channelsFirst = npy("|u1", "(1, 3, 2, 2)", Array(0..<12))
        let moved = try DatasetFormats.standard.read(inputs: DataFile(channelsFirst, name: "x.npy"), for: network)
        #expect(try moved.case(at: 0)[0].floats == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
        let fortran = npy("<i2", "(2, 3)", fortran: true, [0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 255, 255])
        let columns = try DatasetFormats.standard.read(
            inputs: DataFile(fortran, name: "x.npy"), for: self.network([1, 3]))
        #expect(try columns.case(at: 0)[0].floats == [0, 2, 4])
        #expect(try columns.case(at: 1)[0].floats == [1, 3, -1])
    }

    @Test func imagesAreNormalizedAndQuantized() throws {
        let quantized = network([1, 1, 1, 3], quantization: Quantization(format: .int8, scale: 1, zeroPoint: -128))
        let file = DataFile(npy("|u1", "(1, 1, 1, 3)", [0, 127, 255]), name: "x.npy")
        #expect(
            try DatasetFormats.standard.read(inputs: file, for: quantized).case(at: 0)[0].integers == [-128, -1, 127])
        let own = DataFile(npy("|i1", "(1, 1, 1, 3)", [0, 127, 255]), name: "x.npy")
        #expect(try DatasetFormats.standard.read(inputs: own, for: quantized).case(at: 0)[0].integers == [0, 127, -1])
        let normalization = try Normalization(parsing: "scale=1/255 mean=0,0.5,1 std=1,1/2,2")
        let reals = try DatasetFormats.standard.read(inputs: file, for: network([1, 3]), normalization: normalization)
        #expect(try reals.case(at: 0)[0].floats == [0, Float((127.0 / 255 - 0.5) / 0.5), 0])
    }

    @Test(arguments: [
        "scale", "scale=1/0", "scale=1,2", "mean=a", "std=0", "size=3", "scale=1 scale=2", "mean=1,2 std=1,2,3",
    ])
    func normalizationFaultsAreReported(text: String) {
        #expect(throws: Diagnostics.self) { try Normalization(parsing: text) }
    }

    @Test func rawRecordsAreTheNetworksOwn() throws {
        let network = network([1, 2], quantization: Quantization(format: .int8, scale: 0.5))
        let cases = try DatasetFormats.standard.read(
            inputs: DataFile(Data([1, 255, 3, 4]), name: "x.bin"), for: network)
        #expect(try cases.case(at: 0)[0].integers == [1, -1])
        #expect(throws: Diagnostics.self) {
            try DatasetFormats.standard.read(inputs: DataFile(Data([1, 2, 3]), name: "x.bin"), for: network)
        }
    }

    @Test func labelsOfACSVFileHavePlaces() throws {
        let network = network([1, 1])
        let inputs = DataFile(npy("|u1", "(3, 1)", [1, 2, 3]), name: "x.npy")
        func labels(_ text: String) throws -> [Int]? {
            let file = DataFile(Data(text.utf8), name: "y.csv")
            return try DatasetFormats.standard.read(inputs: inputs, labels: file, for: network).labels
        }
        #expect(try labels("index,label,file\n0,2,a\n1,6,b\n2,5,c\n") == [2, 6, 5])
        #expect(try labels("3\r\n4\r\n5") == [3, 4, 5])
        #expect(try labels("0,3\n1,4\n2,5\n") == [3, 4, 5])
        do {
            _ = try labels("label\nx\n11\n1\n")
            Issue.record("a wrong label passed")
        } catch let faults as Diagnostics {
            #expect(
                faults.findings.map(\.location?.position) == [.text(line: 2, column: 1), .text(line: 3, column: 1)])
        }
        #expect(throws: Diagnostics.self) { try labels("label\n1\n") }
    }

    @Test func choicesAreRepeatable() throws {
        let file = DataFile(npy("|u1", "(50, 1)", Array(0..<50)), name: "x.npy")
        let cases = try DatasetFormats.standard.read(inputs: file, labels: file, for: network([1, 1], classes: 50))
        let (first, rest) = cases.split(calibration: 10, seed: 3)
        #expect(first.count == 10 && rest.count == 40)
        #expect(Set(first.places).union(rest.places).count == 50)
        #expect(first.places == cases.split(calibration: 10, seed: 3).calibration.places)
        #expect(first.places != cases.split(calibration: 10, seed: 4).calibration.places)
        #expect(try rest.first(5).case(at: 4)[0].floats == [Float(try #require(rest.labels?[4]))])
    }

    @Test func damagedFilesAreRefused() {
        let network = network([1, 2, 2, 3])
        let whole = npy("<f4", "(2, 2, 2, 3)", Array(repeating: 1, count: 96))
        var generator = SplitMix64(seed: 1)
        for round in 0..<3000 {
            var bytes = [UInt8](whole)
            if round % 2 == 0 { bytes.removeLast(generator.below(bytes.count)) }
            for _ in 0..<3 where !bytes.isEmpty { bytes[generator.below(bytes.count)] = UInt8(generator.below(256)) }
            let name = ["x.npy", "x.bin", "x.csv"][round % 3]
            let cases = try? DatasetFormats.standard.read(inputs: DataFile(Data(bytes), name: name), for: network)
            if let cases, cases.count > 0 { _ = try? cases.case(at: cases.count - 1) }
        }
    }
}
