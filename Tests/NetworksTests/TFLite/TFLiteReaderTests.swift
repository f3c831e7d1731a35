import Diagnostics
import Foundation
import Networks
import Testing

@Suite struct TFLiteReaderTests {
    @Test(.enabled(if: SharedData.isPresent, "the data kit is absent"))
    func readsTheTrainedNetworks() throws {
        let files =
            SharedData.files("models/mlperf-tiny", suffix: ".tflite")
            + SharedData.files("models/mnist", suffix: ".tflite")
            + SharedData.files("golden/tflite/models", suffix: ".tflite")
        #expect(files.count >= 16)
        for file in files {
            let network = try TFLiteReader().read(try Data(contentsOf: file), fileName: file.path)
            #expect(network.faults(file: file.path).isEmpty)
            #expect(!network.nodes.isEmpty)
        }
    }

    @Test(.enabled(if: SharedData.isPresent, "the data kit is absent"))
    func readsTheGoldenOperators() throws {
        let files = SharedData.files("golden/tflite/ops", suffix: ".tflite")
        #expect(!files.isEmpty)
        for file in files {
            let network = try TFLiteReader().read(try Data(contentsOf: file), fileName: file.path)
            #expect(!network.nodes.isEmpty)
        }
    }
}
