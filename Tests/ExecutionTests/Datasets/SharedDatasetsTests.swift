import Execution
import Foundation
import Networks
import Tensors
import Testing

@Suite(.enabled(if: SharedData.isPresent, "the data kit is absent"))
struct SharedDatasetsTests {
    private func file(_ path: String) throws -> DataFile {
        DataFile(try Data(contentsOf: SharedData.root.appending(path: path), options: .mappedIfSafe), name: path)
    }

    private func network(_ path: String) throws -> Network {
        try TFLiteReader().read(try file("models/" + path).bytes, fileName: path)
    }

    @Test func readsCIFARRecordsWithTheirLabels() throws {
        let inputs = try file("cifar10/test-lossless.bin")
        let real = try network("mlperf-tiny/ic_resnet8_float.tflite")
        let integer = try network("mlperf-tiny/ic_resnet8_int8.tflite")
        let cases = try DatasetFormats.standard.read(inputs: inputs, for: real)
        let quantized = try DatasetFormats.standard.read(inputs: inputs, for: integer)
        #expect(cases.count == 436)
        #expect(cases.labels?.prefix(3) == [2, 9, 0])
        let pixels = try cases.case(at: 7)[0]
        #expect(pixels.floats[5 * 3 + 1] == Float(inputs.bytes[7 * 3073 + 1 + 1024 + 5]))
        #expect(try quantized.case(at: 7)[0].floats == pixels.floats.map { $0 - 128 })
        let csv = try file("cifar10/test-lossless.csv")
        let labelled = try DatasetFormats.standard.read(inputs: inputs, labels: csv, for: integer)
        #expect(labelled.labels == cases.labels)
    }

    @Test func readsGzippedIDX() throws {
        let cases = try DatasetFormats.standard.read(
            inputs: try file("mnist/test-images-0-5999-idx3-ubyte.gz"),
            labels: try file("mnist/test-labels-0-5999-idx1-ubyte.gz"),
            for: try network("mnist/lenet300_ptq_int8.tflite"),
            normalization: try Normalization(parsing: "scale=1/255"))
        #expect(cases.count == 6000)
        #expect(cases.labels?.prefix(5) == [7, 2, 1, 0, 4])
        #expect(try cases.case(at: 0)[0].floats.max() == 1)
    }

    @Test func readsRawRecords() throws {
        let inputs = try file("kws01/inputs.bin")
        let cases = try DatasetFormats.standard.read(
            inputs: inputs, labels: try file("kws01/labels.csv"), for: try network("mlperf-tiny/kws_dscnn_int8.tflite"))
        #expect(cases.count == 700)
        #expect(cases.labels?.prefix(3) == [2, 6, 5])
        #expect(try cases.case(at: 3)[0].integers?[9] == Int(Int8(bitPattern: inputs.bytes[3 * 490 + 9])))
    }
}
