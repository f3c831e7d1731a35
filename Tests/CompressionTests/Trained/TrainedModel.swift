import Compression
import Execution
import Foundation
import Networks
import Testing

/// A trained float network with labelled cases and, from other cases, an observer for calibration.
struct TrainedModel {
    let network: Network
    let cases: LabelledCases
    let observer: CalibrationRuns

    private static let package = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let kit = package.deletingLastPathComponent().appending(path: "shared/data")
        .resolvingSymlinksInPath()

    /// Whether the data kit lies beside the package.
    static var kitIsPresent: Bool { FileManager.default.fileExists(atPath: kit.path) }

    /// The network of our own, which is always there: convolutions and depthwise layers on 28x28 images of clothes.
    static func fashion(calibration: Int = 64) throws -> TrainedModel {
        let folder = package.appending(path: "Traces/networks/fashion")
        func file(_ name: String) throws -> DataFile {
            DataFile(try Data(contentsOf: folder.appending(path: name)), name: name)
        }
        let network = try ONNXReader().read(
            Data(contentsOf: folder.appending(path: "fashion.onnx")), fileName: "fashion.onnx"
        ).simplified()
        let cases = try DatasetFormats.standard.read(
            inputs: file("test-images-idx3-ubyte.gz"), labels: file("test-labels-idx1-ubyte.gz"), for: network,
            normalization: Normalization(parsing: "scale=1/255"))
        let seen = try DatasetFormats.standard.read(
            inputs: file("calibration-images-idx3-ubyte.gz"), for: network,
            normalization: Normalization(parsing: "scale=1/255"))
        return TrainedModel(
            network: network, cases: cases, observer: CalibrationRuns(seen.first(calibration), threads: 2))
    }

    /// ResNet-20 or another of its family: 436 pixel-exact images, calibration on training images.
    static func resnet(_ depth: Int, calibration: Int = 64) throws -> TrainedModel {
        let name = "resnet\(depth).onnx"
        let network = try ONNXReader().read(
            Data(contentsOf: kit.appending(path: "models/resnet-cifar10/\(name)")), fileName: name
        ).simplified()
        return try images(
            network, normalization: "scale=1/255 mean=0.485,0.456,0.406 std=0.229,0.224,0.225",
            calibration: calibration)
    }

    /// ResNet-8 in float: 436 pixel-exact images, calibration on training images.
    static func resnet8(calibration: Int = 64) throws -> TrainedModel {
        let name = "ic_resnet8_float.tflite"
        let network = try TFLiteReader().read(
            Data(contentsOf: kit.appending(path: "models/mlperf-tiny/\(name)")), fileName: name
        ).simplified()
        return try images(network, normalization: "", calibration: calibration)
    }

    private static func images(
        _ network: Network, normalization: String, calibration: Int
    ) throws -> TrainedModel {
        func cases(_ name: String) throws -> LabelledCases {
            let bytes = try Data(contentsOf: kit.appending(path: "cifar10/\(name)"))
            return try DatasetFormats.standard.read(
                inputs: DataFile(bytes, name: name), for: network,
                normalization: Normalization(parsing: normalization))
        }
        return TrainedModel(
            network: network, cases: try cases("test-lossless.bin"),
            observer: CalibrationRuns(try cases("train-lossless.bin").first(calibration), threads: 2))
    }

    /// Right answers of a compressed network on the first `limit` cases, on two threads.
    func correct(_ compressed: CompressedNetwork, limit: Int = .max) throws -> Int {
        try Interpreter(compressed.network).accuracy(on: cases.first(limit), threads: 2).correct
    }

    /// Applies steps with this model's observer.
    func applying(_ steps: [any CompressionStep]) throws -> CompressedNetwork {
        try CompressedNetwork(network).applying(steps, observing: observer)
    }
}
