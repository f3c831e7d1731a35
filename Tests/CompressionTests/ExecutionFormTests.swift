import Compression
import Diagnostics
import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

@Suite struct ExecutionFormTests {
    /// A random network in integers of 4 bits.
    static func quantized(seed: UInt64) throws -> (network: CompressedNetwork, cases: CaseObserver) {
        let (network, cases) = try NetworkBuilder.random(seed: seed)
        let observer = CaseObserver(cases: cases)
        let step = FixedPointQuantization(weightBits: 4, activationBits: 8)
        return (try step.apply(to: CompressedNetwork(network), observing: observer), observer)
    }

    @Test(arguments: 0..<6) func codebooksOfAllLayersSurviveTheFiles(_ seed: Int) throws {
        let (network, observer) = try Self.quantized(seed: UInt64(seed))
        let formed = try ExecutionForm(form: .codebook).apply(to: network, observing: observer)
        let forms = formed.network.values.compactMap(\.form)
        #expect(forms.count == formed.network.nodes.count { $0.weights != nil })
        for case .codebook(let codebook) in forms { #expect(codebook.values.count <= 15) }
        let files = try CompressedNetworkFiles(formed)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.network.values.map(\.form) == formed.network.values.map(\.form))
        #expect(try CompressedNetworkFiles(copy) == files)
        let plain = try ExecutionForm(form: .elements).apply(to: formed, observing: observer)
        #expect(plain.network.values.allSatisfy { $0.form == nil })
        #expect(plain.network.values.map(\.constant) == network.network.values.map(\.constant))
    }

    @Test func weightsWithoutTheFormAreRefused() throws {
        let (network, observer) = try Self.quantized(seed: 1)
        let wrong = ExecutionForm(layers: ["logits"], form: .ternary)
        let error = #expect(throws: Diagnostics.self) { try wrong.apply(to: network, observing: observer) }
        #expect(try #require(error).rendered().contains("'ternary'"))
        let (float, cases) = try NetworkBuilder.random(seed: 1)
        #expect(throws: Diagnostics.self) {
            try ExecutionForm(layers: ["logits"]).apply(
                to: CompressedNetwork(float), observing: CaseObserver(cases: cases))
        }
    }

    @Test func aCodebookThatLacksAValueIsRefusedByName() throws {
        let (network, observer) = try Self.quantized(seed: 2)
        let formed = try ExecutionForm(layers: ["logits"], form: .codebook).apply(to: network, observing: observer)
        var files = try CompressedNetworkFiles(formed)
        let text = String(decoding: files.network, as: UTF8.self)
        let table = try #require(text.range(of: "\"values\" : \\[\\s*-?[0-9]+", options: .regularExpression))
        files.network = Data(text.replacingCharacters(in: table, with: "\"values\" : [ 99").utf8)
        let error = #expect(throws: Diagnostics.self) { try files.compressedNetwork(folder: "f") }
        let rendered = try #require(error).rendered()
        #expect(rendered.contains("logits") && rendered.contains("not in the codebook"), "\(rendered)")
    }
}
