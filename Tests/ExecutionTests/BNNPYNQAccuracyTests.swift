import Execution
import Foundation
import Networks
import Tensors
import Testing

/// Right answers of the BNN-PYNQ networks of the data kit, by both readings of equality.
@Suite(.enabled(if: SharedData.has("models/bnn-pynq"), "the data kit is absent")) struct BNNPYNQAccuracyTests {
    private func network(_ name: String, _ convention: ThresholdConvention) throws -> Network {
        let path = "models/bnn-pynq/\(name)"
        var files: [String: Data] = [:]
        for file in SharedData.names(in: path) { files[file] = try SharedData.bytes("\(path)/\(file)") }
        return try BNNPYNQReader(convention: convention).read(BNNPYNQFolder(path: path, files: files)).simplified()
    }

    private func correct(_ network: Network, inputs: String, labels: String?) throws -> Accuracy {
        func file(_ path: String) throws -> DataFile { DataFile(try SharedData.bytes(path), name: path) }
        let cases = try DatasetFormats.standard.read(
            inputs: file(inputs), labels: try labels.map(file), for: network)
        return try Interpreter(network).accuracy(on: cases, threads: 2)
    }

    @Test(arguments: [
        ("cnvW1A1", ThresholdConvention.above, "test-lossless", Accuracy(correct: 333, total: 436)),
        ("cnvW1A1", .atLeast, "test-lossless", Accuracy(correct: 347, total: 436)),
        ("cnvW2A2", .above, "test-lossless", Accuracy(correct: 359, total: 436)),
        ("cnvW2A2", .atLeast, "test-lossless", Accuracy(correct: 356, total: 436)),
        ("cnvW1A1", .above, "test-jpeg", Accuracy(correct: 1498, total: 2000)),
    ])
    func classifiesPhotographs(
        name: String, convention: ThresholdConvention, data: String, expected: Accuracy
    ) throws {
        let accuracy = try correct(network(name, convention), inputs: "cifar10/\(data).bin", labels: nil)
        #expect(accuracy == expected)
    }

    @Test(arguments: [
        ("lfcW1A1", ThresholdConvention.above, 5870), ("lfcW1A1", .atLeast, 5875),
        ("lfcW1A2", .above, 5891), ("lfcW1A2", .atLeast, 5888),
    ])
    func classifiesDigits(name: String, convention: ThresholdConvention, expected: Int) throws {
        let mnist = SharedData.names(in: "mnist").filter { $0.hasPrefix("test-") }
        let images = try #require(mnist.first { $0.contains("images") })
        let labels = try #require(mnist.first { $0.contains("labels") })
        let accuracy = try correct(
            network(name, convention), inputs: "mnist/\(images)", labels: "mnist/\(labels)")
        #expect(accuracy == Accuracy(correct: expected, total: 6000))
    }
}
