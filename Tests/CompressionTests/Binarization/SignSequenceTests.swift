import Compression
import Diagnostics
import Execution
import Foundation
import Networks
import Tensors
import Testing
import Workloads

@Suite struct SignSequenceTests {
    /// Any sequence of steps that is not refused leaves a sound network that runs, is stored and is read again.
    @Test(arguments: 0..<40)
    func randomSequencesLeaveSoundNetworks(seed: Int) throws {
        let (network, cases) = try NetworkBuilder.random(seed: UInt64(seed), normalizes: seed % 2 == 0)
        var generator = SplitMix(seed: UInt64(seed) &+ 2000)
        let observer = CaseObserver(cases: Array(cases.prefix(2)))
        var compressed = CompressedNetwork(network)
        for _ in 0..<5 {
            let layers = compressed.network.nodes.filter { $0.weights != nil }.map(\.name)
            let layer = layers[Int(generator.next() % UInt64(layers.count))]
            let selection = generator.next() % 3 == 0 ? LayerSelection.all : LayerSelection([layer])
            let step = try Self.step(&generator, on: selection)
            do {
                compressed = try compressed.applying(step, observing: observer)
            } catch let refusal as Diagnostics {
                #expect(!refusal.findings.isEmpty)
                continue
            }
            #expect(compressed.faults(file: "test").map(\.message) == [])
            #expect(try compressed.network.output(cases[0]).allSatisfy(\.isFinite))
            let workload = compressed.lowered()
            #expect(workload.layers.allSatisfy { ($0.weights?.nonzeroElements ?? 0) <= ($0.weights?.elements ?? 0) })
            let files = try CompressedNetworkFiles(compressed)
            let copy = try files.compressedNetwork(folder: "f")
            #expect(copy.compositions == compressed.compositions)
            #expect(try CompressedNetworkFiles(copy) == files)
        }
    }

    private static func step(_ generator: inout SplitMix, on layers: LayerSelection) throws -> any CompressionStep {
        func choose(_ words: String...) -> ParameterValue { .text(words[Int(generator.next() % UInt64(words.count))]) }
        let entry: RecipeEntry =
            switch generator.next() % 11 {
            case 0:
                RecipeEntry(
                    step: "ternary-weights", layers: layers,
                    parameters: [
                        "threshold": choose("optimal", "mean"), "levels": choose("filter", "layer"),
                        "fit": choose("weights", "responses"),
                    ])
            case 1:
                RecipeEntry(
                    step: "network-sketching", layers: layers,
                    parameters: [
                        "terms": .number(Double(generator.next() % 4 + 1)),
                        "fit": choose("direct", "refined", "responses"),
                    ])
            case 2:
                RecipeEntry(
                    step: "hashed-weights", layers: layers,
                    parameters: ["fraction": .number(0.3), "fit": choose("weights", "responses")])
            case 3: RecipeEntry(step: "functional-hashing", layers: layers, parameters: ["rounds": .number(2)])
            case 4: RecipeEntry(step: "local-binary-convolution", layers: layers)
            case 5, 6:
                RecipeEntry(
                    step: "binary-activations", layers: layers,
                    parameters: [
                        "inputScale": choose("one", "mean", "map"), "offset": choose("zero", "mean"),
                        "fit": choose("weights", "responses"),
                    ])
            case 7: RecipeEntry(step: "threshold-folding", layers: layers)
            case 8:
                RecipeEntry(step: "execution-form", layers: layers, parameters: ["form": choose("ternary", "codebook")])
            case 9: RecipeEntry(step: "magnitude-pruning", layers: layers, parameters: ["density": .number(0.6)])
            case _: RecipeEntry(step: "fixed-point-quantization")
            }
        return try #require(StepCatalog.standard.steps(of: Recipe(steps: [entry])).first)
    }

    /// Networks cut out of a file or bit by bit damaged are refused or read, and nothing leaves its bounds.
    @Test func damagedFilesNeverLeaveTheirBounds() throws {
        var builder = NetworkBuilder(input: [1, 4, 4, 2], seed: 3)
        let image = try builder.convolution(builder.input, outputs: 3, name: "conv")
        let output = try builder.fullyConnected(image, outputs: 3, name: "dense")
        let observer = CaseObserver(cases: [builder.sample()])
        let network = CompressedNetwork(builder.finished(output))
        for name in [
            "ternary-weights", "network-sketching", "hashed-weights", "functional-hashing", "local-binary-convolution",
        ] {
            let steps = try StepCatalog.standard.steps(of: Recipe(steps: [RecipeEntry(step: name)]))
            let files = try CompressedNetworkFiles(network.applying(steps, observing: observer))
            for place in stride(from: 0, to: files.tensors.count, by: 3) {
                var damaged = files
                damaged.tensors[place] ^= 0x5a
                _ = try? damaged.compressedNetwork(folder: "f")
            }
            let text = String(decoding: files.network, as: UTF8.self)
            for (word, other) in [
                ("\"axis\" : 0", "\"axis\" : 9"), ("\"axis\" : 0", "\"axis\" : -1"), ("\"terms\" : 3", "\"terms\" : 0"),
                ("\"reads\" : 2", "\"reads\" : 16"), ("\"hidden\" : 4", "\"hidden\" : -4"),
                ("\"count\" : 1", "\"count\" : 0"),
            ] where text.contains(word) {
                var damaged = files
                damaged.network = Data(text.replacingOccurrences(of: word, with: other).utf8)
                #expect(throws: Diagnostics.self) { try damaged.compressedNetwork(folder: "f") }
            }
        }
    }
}
