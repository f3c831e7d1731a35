import Diagnostics
import Foundation
import Networks
import Tensors
import Testing

/// Broken files: every one is read or refused, none stops the program.
struct ONNXHostileTests {
    /// Reads the bytes; whatever is accepted must be well formed.
    private func read(_ bytes: Data) {
        do {
            let network = try ONNXReader().read(bytes, fileName: "broken.onnx")
            #expect(network.faults(file: "broken.onnx").isEmpty)
            #expect(network.simplified().faults(file: "broken.onnx").isEmpty)
        } catch let faults as Diagnostics {
            #expect(!faults.findings.isEmpty)
        } catch {
            Issue.record("threw \(error)")
        }
    }

    private func mutated(_ bytes: Data, rounds: Int, seed: UInt64) {
        var numbers = TestNumbers(state: seed)
        for _ in 0..<rounds {
            var copy = bytes
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                copy[Int.random(in: 0..<copy.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            read(copy)
        }
    }

    @Test func survivesTruncation() throws {
        let bytes = try ONNXLayoutTests.quantizedModel().bytes()
        for count in 0..<bytes.count { read(bytes.prefix(count)) }
    }

    @Test func survivesChangedBytes() throws {
        mutated(try ONNXLayoutTests.quantizedModel().bytes(), rounds: 6000, seed: 17)
    }

    @Test(.enabled(if: SharedData.isPresent, "the data kit is absent"))
    func survivesChangedBytesOfTrainedNetworks() throws {
        for name in ["onnx-int8/kws_dscnn_qdq.onnx", "resnet-cifar10/resnet20.onnx"] {
            let bytes = try Data(contentsOf: SharedData.root.appending(path: "models/\(name)"))
            mutated(bytes, rounds: 20, seed: 3)
            for part in 1..<8 { read(bytes.prefix(bytes.count * part / 8)) }
        }
    }

    /// Every operator of integers and of grids; what can still be read must run or say why it does not.
    @Test(.enabled(if: SharedData.isPresent, "the data kit is absent"), arguments: ["onnx", "qonnx"])
    func survivesChangedBytesOfRecordedOperators(_ kit: String) throws {
        var numbers = TestNumbers(state: 29)
        for file in SharedData.files("golden/\(kit)/ops", suffix: "/model.onnx") {
            let bytes = try Data(contentsOf: file)
            for _ in 0..<120 {
                var copy = bytes
                for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                    copy[Int.random(in: 0..<copy.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
                }
                read(copy)
                run(copy)
            }
        }
    }

    /// Runs what can be read and is not large on zeros.
    private func run(_ bytes: Data) {
        guard let network = try? ONNXReader().read(bytes, fileName: "broken.onnx"),
            network.values.allSatisfy({ $0.shape.elementCount < 1 << 16 })
        else { return }
        let zeros = network.inputs.compactMap { id in
            let value = network[id]
            return value.elementType == .float32
                ? Tensor(value.shape, [Float](repeating: 0, count: value.shape.elementCount))
                : Tensor(
                    value.shape,
                    integers: value.shape.extents.reduce([0]) { zeros, extent in
                        Array(repeating: zeros, count: extent).flatMap(\.self)
                    }, storedAs: value.elementType)
        }
        do {
            let results = try network.evaluated(zeros)
            #expect(zip(results, network.outputs).allSatisfy { $0.shape == network[$1].shape })
        } catch {
            #expect(error is Diagnostic)
        }
    }

    @Test func refusesNestingWithoutEnd() throws {
        // Messages inside unknown messages of the graph, deeper than any model needs.
        var bytes = Data()
        for _ in 0..<10_000 { bytes = Data([0x3a]) + length(bytes.count) + bytes.prefix(20_000) }
        read(bytes)
        read(Data(repeating: 0x3b, count: 100_000))
    }

    @Test func refusesExtentsWithoutData() throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 1 << 40, 1 << 40])
        builder.constant("w", [1 << 40, 1 << 40], [1])
        builder.constant("shape", integers: [Int64.max, Int64.max, -1])
        builder.node("Reshape", ["w", "shape"], "y")
        builder.output("y")
        let faults = #expect(throws: Diagnostics.self) { try builder.network() }
        #expect(faults?.findings.count == 2)
    }

    private func length(_ count: Int) -> Data {
        var (rest, bytes) = (min(count, 20_000), Data())
        while rest >= 128 {
            bytes.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        return bytes
    }
}
