import Execution
import Foundation
import Networks
import Tensors
import Testing

/// Right answers of trained ONNX networks on labelled cases, against those of ONNX Runtime in the data kit.
struct ONNXAccuracyTests {
    private func correct(_ network: Network, _ cases: LabelledCases) throws -> Int {
        let interpreter = try Interpreter(network)
        let labels = try #require(cases.labels)
        let answers = try mapCases(cases.count, threads: 2) { index in
            try interpreter.run(cases.case(at: index))[0].largestPlace
        }
        return zip(answers, labels).count { $0 == $1 }
    }

    @Test(
        .enabled(if: SharedData.has("models/resnet-cifar10"), "the data kit is absent"),
        arguments: [
            ("resnet-cifar10/resnet20", "scale=1/255 mean=0.485,0.456,0.406 std=0.229,0.224,0.225", 396),
            ("resnet-cifar10/resnet32", "scale=1/255 mean=0.485,0.456,0.406 std=0.229,0.224,0.225", 406),
            ("onnx-int8/ic_resnet8_qdq", "", 378),
        ])
    func classifiesImages(name: String, normalization: String, expected: Int) throws {
        let network = try ONNXReader().read(SharedData.bytes("models/\(name).onnx"), fileName: "\(name).onnx")
        let cases = try DatasetFormats.standard.read(
            inputs: DataFile(SharedData.bytes("cifar10/test-lossless.bin"), name: "test-lossless.bin"), for: network,
            normalization: Normalization(parsing: normalization))
        let right = try correct(network.simplified(), cases)
        #expect(right == expected, "\(right) right answers")
    }

    @Test(.enabled(if: SharedData.has("kws01/inputs.bin"), "the data kit is absent"))
    func recognizesKeywords() throws {
        let network = try ONNXReader().read(
            SharedData.bytes("models/onnx-int8/kws_dscnn_qdq.onnx"), fileName: "kws_dscnn_qdq.onnx")
        let interpreter = try Interpreter(network.simplified())
        let elements = try SharedData.bytes("kws01/inputs.bin").map { Int8(bitPattern: $0) }
        let labels = try String(decoding: SharedData.bytes("kws01/labels.csv"), as: UTF8.self)
            .split(whereSeparator: \.isNewline).dropFirst().compactMap { Int($0.split(separator: ",")[1]) }
        #expect(labels.count == 700)
        let right = try mapCases(labels.count, threads: 2) { index in
            let clip = elements[index * 490..<(index + 1) * 490].map { (Float($0) - 83) * 0.584_702_908_992_767_3 }
            return try interpreter.run([Tensor([1, 490], clip)])[0].largestPlace == labels[index]
        }
        #expect(right.count { $0 } == 634, "\(right.count { $0 }) right answers")
    }
}
