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
        let unsupported = [
            "hardswish": "HARD_SWISH", "logistic": "LOGISTIC", "resize": "RESIZE_NEAREST_NEIGHBOR", "tanh": "TANH",
            "tconv": "TRANSPOSE_CONV",
        ]
        for file in SharedData.files("golden/tflite/ops", suffix: ".tflite") {
            let folder = file.deletingLastPathComponent().lastPathComponent
            let family = String(folder.prefix { $0 != "_" })
            do {
                let network = try TFLiteReader().read(try Data(contentsOf: file), fileName: file.path)
                #expect(!network.nodes.isEmpty)
            } catch let faults as Diagnostics {
                let name = try #require(unsupported[family], "\(folder): \(faults.findings)")
                #expect(
                    faults.findings.map(\.message) == [
                        "subgraph 0, operator 0 (\(name)): operator \(name) is not supported"
                    ])
            }
        }
    }
}
