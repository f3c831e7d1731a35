import Compression
import Diagnostics
import Networks
import Testing
import Workloads

@Suite struct SequenceTests {
    /// Any sequence of steps that is not refused leaves a sound network that runs.
    @Test(arguments: 0..<40)
    func randomSequencesLeaveSoundNetworks(seed: Int) throws {
        let (network, cases) = try NetworkBuilder.random(seed: UInt64(seed))
        var generator = SplitMix(seed: UInt64(seed) &+ 1000)
        let observer = CaseObserver(cases: Array(cases.prefix(2)))
        var compressed = CompressedNetwork(network)
        for _ in 0..<5 {
            let layers = compressed.network.nodes.filter { $0.weights != nil }.map(\.name)
            let layer = layers[Int(generator.next() % UInt64(layers.count))]
            let selection = generator.next() % 3 == 0 ? LayerSelection.all : LayerSelection([layer])
            let step = Self.step(&generator, on: selection)
            do {
                compressed = try compressed.applying(step, observing: observer)
            } catch let refusal as Diagnostics {
                #expect(!refusal.findings.isEmpty)
                continue
            }
            #expect(compressed.faults(file: "test").map(\.message) == [])
            #expect(try compressed.network.output(cases[0]).allSatisfy(\.isFinite))
            let workload = compressed.lowered()
            #expect(workload.layers.count == compressed.network.nodes.count)
            #expect(workload.layers.allSatisfy { ($0.weights?.nonzeroElements ?? 0) <= ($0.weights?.elements ?? 0) })
        }
    }

    private static func step(_ generator: inout SplitMix, on layers: LayerSelection) -> any CompressionStep {
        let fraction = Double(generator.next() % 9 + 1) / 10
        switch generator.next() % 9 {
        case 0: return FullyConnectedSVD(layers: layers, fraction: fraction)
        case 1: return SpatialDecomposition(layers: layers, fraction: fraction)
        case 2: return tensorStep(&generator, fraction: fraction, on: layers)
        case 3: return MagnitudePruning(layers: layers, granularity: .filter, density: fraction)
        case 4: return MagnitudePruning(layers: layers, granularity: .kernel, density: fraction)
        case 5: return BinaryWeights(layers: layers)
        case 6: return StorageCoding(layers: layers)
        default:
            return FixedPointQuantization(
                weightBits: Int(generator.next() % 7) + 2, activationBits: Int(generator.next() % 10) + 4)
        }
    }

    private static func tensorStep(
        _ generator: inout SplitMix, fraction: Double, on layers: LayerSelection
    ) -> any CompressionStep {
        let fit = FactorFit.allCases[Int(generator.next() % 2)]
        switch generator.next() % 8 {
        case 5: return MonochromaticDecomposition(layers: layers, fraction: fraction, fit: fit)
        case 6: return BiclusteredSVD(layers: layers, inputClusters: 1, fraction: fraction, fit: fit)
        case 7: return TensorTrainDecomposition(layers: layers, fraction: fraction)
        case 0: return BlockTermDecomposition(layers: layers, blocks: 2, fraction: fraction, fit: fit)
        case 1: return CanonicalDecomposition(layers: layers, fraction: fraction, iterations: 5, fit: fit)
        case 2: return ResponseDecomposition(layers: layers, fraction: fraction)
        case 3: return SpatialDecomposition(layers: layers, fraction: fraction, scheme: .channelBasis, fit: fit)
        default: return TuckerDecomposition(layers: layers, fraction: fraction, fit: fit)
        }
    }
}
