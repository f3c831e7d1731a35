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

    /// ONNX Runtime gets 1505 of the last ones: it leaves six of nine convolutions and two of three additions of that file
    /// in float32, where all are integer here; one image on which two classes are equal then falls the other way.
    @Test(
        .enabled(if: SharedData.has("models/resnet-cifar10"), "the data kit is absent"),
        arguments: [
            ("resnet-cifar10/resnet20", "test-lossless", 396), ("resnet-cifar10/resnet20", "test-jpeg", 1625),
            ("resnet-cifar10/resnet32", "test-lossless", 406), ("resnet-cifar10/resnet32", "test-jpeg", 1657),
            ("onnx-int8/ic_resnet8_qdq", "test-lossless", 378), ("onnx-int8/ic_resnet8_qdq", "test-jpeg", 1506),
        ])
    func classifiesImages(name: String, images: String, expected: Int) throws {
        let network = try ONNXReader().read(SharedData.bytes("models/\(name).onnx"), fileName: "\(name).onnx")
        let normalization =
            name.hasPrefix("resnet") ? "scale=1/255 mean=0.485,0.456,0.406 std=0.229,0.224,0.225" : ""
        let cases = try DatasetFormats.standard.read(
            inputs: DataFile(SharedData.bytes("cifar10/\(images).bin"), name: "\(images).bin"), for: network,
            normalization: Normalization(parsing: normalization))
        let right = try correct(network.simplified(), cases)
        #expect(right == expected, "\(name), \(images): \(right) right answers of \(cases.count)")
    }

    /// Three-bit weights and activations; reals on the grids of QONNX.
    @Test(.enabled(if: SharedData.has("kws-w3a3/inputs.bin"), "the data kit is absent"))
    func recognizesKeywordsWithThreeBits() throws {
        let network = try ONNXReader().read(
            SharedData.bytes("models/qonnx/kws_mlp_w3a3.onnx"), fileName: "kws_mlp_w3a3.onnx")
        #expect(network.runtime == .qonnx)
        let weights = network.nodes.compactMap(\.weights)
        #expect(weights.map { network[$0].elementBits } == [3, 3, 3, 3])
        let right = try keywords("kws-w3a3", of: network, shape: [1, 1, 10, 49], zeroPoint: 0, scale: 0.336_742_46)
        #expect(right == 581, "\(right) right answers")
    }

    @Test(.enabled(if: SharedData.has("kws01/inputs.bin"), "the data kit is absent"))
    func recognizesKeywords() throws {
        let network = try ONNXReader().read(
            SharedData.bytes("models/onnx-int8/kws_dscnn_qdq.onnx"), fileName: "kws_dscnn_qdq.onnx")
        let right = try keywords(
            "kws01", of: network.simplified(), shape: [1, 490], zeroPoint: 83, scale: 0.584_702_908_992_767_3)
        #expect(right == 634, "\(right) right answers")
    }

    /// Right answers on 700 clips of dequantized coefficients.
    private func keywords(
        _ folder: String, of network: Network, shape: Shape, zeroPoint: Float, scale: Float
    ) throws -> Int {
        let interpreter = try Interpreter(network)
        let elements = try SharedData.bytes("\(folder)/inputs.bin").map { Int8(bitPattern: $0) }
        let labels = try String(decoding: SharedData.bytes("\(folder)/labels.csv"), as: UTF8.self)
            .split(whereSeparator: \.isNewline).dropFirst().compactMap { Int($0.split(separator: ",")[1]) }
        #expect(labels.count == 700)
        let right = try mapCases(labels.count, threads: 2) { index in
            let clip = elements[index * 490..<(index + 1) * 490].map { (Float($0) - zeroPoint) * scale }
            return try interpreter.run([Tensor(shape, clip)])[0].largestPlace == labels[index]
        }
        return right.count { $0 }
    }
}
