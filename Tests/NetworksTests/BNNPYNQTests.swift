import Diagnostics
import Foundation
import Networks
import Tensors
import Testing

/// Folders of BNN-PYNQ parameters that we make ourselves, sound and damaged.
@Suite struct BNNPYNQTests {
    /// The matrices of `lfcW1A1`: neurons, synapses, processing elements, synapses of a word.
    private static let layers = [(1024, 832, 32, 64), (1024, 1024, 64, 32), (1024, 1024, 32, 64), (64, 1024, 16, 8)]

    private func words(_ count: Int, _ word: (Int) -> UInt64) -> Data {
        (0..<count).reduce(into: Data()) { data, index in
            withUnsafeBytes(of: word(index).littleEndian) { data.append(contentsOf: $0) }
        }
    }

    /// Weights of alternating signs, and thresholds of half the synapses.
    private func folder(named name: String = "lfcW1A1") -> BNNPYNQFolder {
        var files = ["classes.txt": Data("a\nb\nc\n".utf8)]
        for (layer, (neurons, synapses, elements, lanes)) in Self.layers.enumerated() {
            for element in 0..<elements {
                let folds = neurons / elements
                files["\(layer)-\(element)-weights.bin"] = words(folds * synapses / lanes) {
                    UInt64($0) &* 0x9E37_79B9_7F4A_7C15
                }
                files["\(layer)-\(element)-thres.bin"] = words(folds) { _ in UInt64(synapses / 2) }
            }
        }
        return BNNPYNQFolder(path: "somewhere/\(name)", files: files)
    }

    private func message(_ folder: BNNPYNQFolder) -> String {
        do {
            _ = try BNNPYNQReader().read(folder)
            return "read"
        } catch let findings as Diagnostics {
            return findings.rendered()
        } catch {
            return "\(error)"
        }
    }

    @Test func soundFolderBecomesANetworkOnPixels() throws {
        let network = try BNNPYNQReader().read(folder())
        #expect(network[network.inputs[0]].shape == [1, 28, 28, 1])
        #expect(network[network.outputs[0]].shape == [1, 3])
        #expect(network.faults(file: "").isEmpty)
    }

    /// A neuron of matching bits at its threshold fires by one reading only.
    @Test func equalityIsReadAsAsked() throws {
        var folder = folder()
        for (layer, (neurons, synapses, elements, lanes)) in Self.layers.enumerated() where layer < 3 {
            for element in 0..<elements {
                let folds = neurons / elements
                folder.files["\(layer)-\(element)-weights.bin"] = words(folds * synapses / lanes) { _ in 0 }
                folder.files["\(layer)-\(element)-thres.bin"] = words(folds) { _ in UInt64(synapses) }
            }
        }
        let black = Tensor(shape: [1, 28, 28, 1], elements: .uint8([UInt8](repeating: 127, count: 784)))
        for (convention, sign) in [(ThresholdConvention.atLeast, 1), (.above, -1)] {
            let network = try BNNPYNQReader(convention: convention).read(folder)
            let values = try network.trace([black])
            let layer = try #require(network.nodes.first { $0.name == "layer0" })
            #expect(values[layer.outputs[0]]?.integers?.allSatisfy { $0 == sign } == true, "\(convention)")
        }
    }

    @Test func damagedFoldersAreRefusedByTheNameOfTheFile() {
        #expect(message(folder(named: "resnet")).contains("'resnet' gives none"))
        var damaged = folder()
        damaged.files["1-7-weights.bin"] = nil
        #expect(message(damaged).contains("lfcW1A1/1-7-weights.bin: error: this file is missing"))
        damaged = folder()
        damaged.files["2-3-thres.bin"] = nil
        #expect(message(damaged).contains("2-3-thres.bin: error: this file is missing"))
        damaged = folder()
        damaged.files["0-0-weights.bin"]?.removeLast(3)
        #expect(message(damaged).contains("no whole 64-bit words"))
        damaged = folder()
        damaged.files["0-0-weights.bin"]?.removeLast(8)
        #expect(message(damaged).contains("0-0-weights.bin: error: 415 words cannot hold"))
        damaged = folder()
        damaged.files["3-0-thres.bin"] = words(5) { _ in 1 }
        #expect(message(damaged).contains("3-0-thres.bin: error: 5 thresholds"))
        damaged = folder()
        damaged.files["1-0-thres.bin"] = words(16) { _ in 1 << 63 }
        #expect(message(damaged).contains("1-0-thres.bin: error: threshold -9223372036854775808 is out of range"))
        damaged = folder()
        damaged.files["0-4000000000-weights.bin"] = Data()
        #expect(message(damaged).contains("neurons cannot lie in"))
        damaged = folder()
        damaged.files["classes.txt"] = Data(String(repeating: "x\n", count: 65).utf8)
        #expect(message(damaged).contains("65 classes of 64 scores"))
        damaged = BNNPYNQFolder(path: "cnvW2A2", files: [:])
        #expect(message(damaged).contains("neurons cannot lie in 0 files"))
    }
}
