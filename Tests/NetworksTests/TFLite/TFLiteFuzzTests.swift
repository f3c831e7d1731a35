import Diagnostics
import Foundation
import Networks
import Tensors
import Testing

@Suite struct TFLiteFuzzTests {
    /// Reads a damaged file; anything but a network or diagnostics is a failure, a crash above all.
    private func read(_ bytes: [UInt8]) {
        do {
            let network = try TFLiteReader().read(Data(bytes), fileName: "damaged.tflite")
            #expect(NetworkSummary(network).layers.count == network.nodes.count)
        } catch let faults as Diagnostics {
            #expect(!faults.findings.isEmpty)
        } catch {
            Issue.record("\(error)")
        }
    }

    /// The same bytes with some of them changed, words set to telling numbers, or the end cut off.
    private func damaged(_ whole: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
        var bytes = whole
        switch generator.below(8) {
        case 0: bytes.removeLast(generator.below(bytes.count))
        case 1, 2, 3:
            let words: [UInt32] = [0, 1, 2, 127, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fc0_0000, 1 << 20]
            for _ in 0...generator.below(2) {
                let place = generator.below(bytes.count / 4) * 4
                let word = words[generator.below(words.count)]
                bytes.replaceSubrange(place..<place + 4, with: FlatBytes.littleEndian(word))
            }
        default:
            for _ in 0...generator.below(4) { bytes[generator.below(bytes.count)] ^= 1 << UInt8(generator.below(8)) }
        }
        return bytes
    }

    @Test func damagedSmallModelsNeverCrash() {
        let whole = SmallModel().bytes
        var generator = SplitMix64(seed: 2)
        for _ in 0..<20_000 { read(damaged(whole, &generator)) }
        for count in whole.indices { read(Array(whole[..<count])) }
    }

    @Test(.enabled(if: SharedData.isPresent, "the data kit is absent"))
    func damagedTrainedNetworksNeverCrash() throws {
        var generator = SplitMix64(seed: 3)
        for file in SharedData.files("golden/tflite", suffix: ".tflite") {
            let whole = [UInt8](try Data(contentsOf: file))
            for _ in 0..<(whole.count < 8192 ? 150 : 20) { read(damaged(whole, &generator)) }
        }
    }
}
