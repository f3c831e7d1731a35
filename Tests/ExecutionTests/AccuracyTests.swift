import Execution
import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

/// Counts of right cases, which an independent runtime gave on the same files.
@Suite struct AccuracyTests {
    static func network(_ path: String) throws -> Network {
        try TFLiteReader().read(SharedData.bytes("models/" + path), fileName: path)
    }

    static func file(_ path: String) throws -> DataFile {
        DataFile(try SharedData.bytes(path), name: path)
    }

    /// LiteRT counts the same: its reference kernels 380, its optimized kernels 379 without and 375 with its delegate.
    @Test(
        .enabled(if: SharedData.has("cifar10/test-lossless.bin"), "no CIFAR-10 images"),
        arguments: [(RuntimeArithmetic.tflm, 380), (.litert, 380), (.ruy, 379), (.xnnpack, 375)])
    func imageClassificationOnIntegers(_ runtime: RuntimeArithmetic, _ correct: Int) throws {
        var network = try Self.network("mlperf-tiny/ic_resnet8_int8.tflite")
        network.runtime = runtime
        let cases = try DatasetFormats.standard.read(inputs: Self.file("cifar10/test-lossless.bin"), for: network)
        let interpreter = try Interpreter(network)
        let counted = try interpreter.accuracy(on: cases, threads: 2)
        #expect(counted == Accuracy(correct: correct, total: 436))
        #expect(try interpreter.accuracy(on: cases, threads: 1) == counted)
    }

    /// The counts of LiteRT with its delegate: the first 200 pixel-exact images, and 2,000 images with losses.
    @Test(
        .enabled(if: SharedData.has("cifar10/test-jpeg.bin"), "no CIFAR-10 images"),
        arguments: [
            ("int8", "test-lossless", 200, 170), ("int8", "test-jpeg", 2000, 1499),
            ("float", "test-lossless", 200, 171),
            ("float", "test-jpeg", 2000, 1501), ("float", "test-lossless", 436, 375),
        ])
    func imageClassificationWithDelegate(_ form: String, _ images: String, _ count: Int, _ correct: Int) throws {
        var network = try Self.network("mlperf-tiny/ic_resnet8_\(form).tflite")
        network.runtime = .xnnpack
        let cases = try DatasetFormats.standard.read(inputs: Self.file("cifar10/\(images).bin"), for: network)
        let labels = try #require(cases.labels)
        let interpreter = try Interpreter(network)
        let right = try mapCases(count, threads: 2) { index in
            try interpreter.run(cases.case(at: index)).first?.largestPlace == labels[index]
        }
        #expect(right.count == count && right.count(where: \.self) == correct)
    }

    @Test(.enabled(if: SharedData.has("kws01"), "no speech features"), arguments: [RuntimeArithmetic.tflm, .xnnpack])
    func keywordsOnIntegers(_ runtime: RuntimeArithmetic) throws {
        var network = try Self.network("mlperf-tiny/kws_dscnn_int8.tflite")
        network.runtime = runtime
        let cases = try DatasetFormats.standard.read(
            inputs: Self.file("kws01/inputs.bin"), labels: Self.file("kws01/labels.csv"), for: network)
        let counted = try Interpreter(network).accuracy(on: cases, threads: 2)
        #expect(counted == Accuracy(correct: 644, total: 700))
    }

    /// The convolutions of this network have int8 weights, whose reals we use; LiteRT also quantizes their inputs while
    /// it runs and counts 640 (delegate) or 643 (reference kernels).
    @Test(.enabled(if: SharedData.has("kws01"), "no speech features"))
    func keywordsOnReals() throws {
        let integer = try Self.network("mlperf-tiny/kws_dscnn_int8.tflite")
        let cases = try DatasetFormats.standard.read(
            inputs: Self.file("kws01/inputs.bin"), labels: Self.file("kws01/labels.csv"), for: integer)
        let labels = try #require(cases.labels)
        let network = try Self.network("mlperf-tiny/kws_dscnn_float.tflite")
        let interpreter = try Interpreter(network)
        let grid = integer[integer.inputs[0]].quantization
        let right = try mapCases(cases.count, threads: 2) { index in
            let reals = Operand(try cases.case(at: index)[0], quantization: grid).reals
            let input = Tensor(network[network.inputs[0]].shape, reals)
            return try interpreter.run([input])[0].largestPlace == labels[index]
        }
        #expect(right.count(where: \.self) == 641)
    }

    @Test(.enabled(if: SharedData.has("mnist"), "no MNIST images"), arguments: [RuntimeArithmetic.tflm, .xnnpack])
    func digits(_ runtime: RuntimeArithmetic) throws {
        var network = try Self.network("mnist/lenet300_ptq_int8.tflite")
        network.runtime = runtime
        let names = SharedData.names(in: "mnist").filter { $0.hasPrefix("test-") }
        let images = try #require(names.first { $0.contains("images") })
        let labels = try #require(names.first { $0.contains("labels") })
        let cases = try DatasetFormats.standard.read(
            inputs: Self.file("mnist/" + images), labels: Self.file("mnist/" + labels), for: network,
            normalization: Normalization(parsing: "scale=1/255"))
        let counted = try Interpreter(network).accuracy(on: cases, threads: 2)
        #expect(counted == Accuracy(correct: 5858, total: 6000))
    }
}
