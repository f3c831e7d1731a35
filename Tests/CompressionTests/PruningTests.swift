import Compression
import Diagnostics
import FixedPoint
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct PruningTests {
    private func pruned(
        _ network: Network, _ granularity: Granularity, _ density: Double, layers: LayerSelection = .all
    ) throws -> CompressedNetwork {
        let step = MagnitudePruning(layers: layers, granularity: granularity, density: density)
        let result = try CompressedNetwork(network).applying([step], observing: CaseObserver(cases: []))
        #expect(result.faults(file: "test").map(\.message) == [])
        return result
    }

    @Test(arguments: [Granularity.weight, .vector, .kernel])
    func theRightNumberOfGroupsSurvives(_ granularity: Granularity) throws {
        var builder = NetworkBuilder(input: [1, 6, 6, 4], seed: 3)
        let output = try builder.convolution(builder.input, outputs: 10, name: "conv")
        let network = builder.finished(output)
        let weights = try #require(pruned(network, granularity, 0.3).lowered().layers[0].weights)
        let size = [.weight: 1, .vector: 3, .kernel: 9][granularity] ?? 0
        #expect(weights.nonzeroElements == Int((0.3 * Double(360 / size)).rounded()) * size)
        #expect(weights.zeroStructure == granularity.zeroStructure)
    }

    /// At equal sparsity the coarse form is smaller by exactly the index bits that it saves (methods row 10).
    @Test func coarseStorageSavesExactlyTheIndices() throws {
        var builder = NetworkBuilder(input: [1, 6, 6, 4], seed: 3)
        let output = try builder.convolution(builder.input, outputs: 10, name: "conv")
        let network = builder.finished(output)
        let sizes = try [Granularity.weight, .vector, .kernel].map { granularity in
            let compressed = try pruned(network, granularity, 0.5)
                .applying(StorageCoding(coding: .bitmap, symbols: .plain), observing: CaseObserver(cases: []))
            return compressed.lowered().layers[0].weights?.encodedSize.count
        }
        #expect(sizes == [360 + 180 * 32, 120 + 180 * 32, 40 + 180 * 32])
    }

    /// Equal saliencies: the first groups survive.
    @Test func tiesKeepTheFirst() throws {
        var builder = NetworkBuilder(input: [1, 4], seed: 1)
        let output = try builder.fullyConnected(builder.input, outputs: 2, name: "fc")
        let network = builder.finished(output)
        var equal = network
        let id = try #require(network.nodes[0].weights)
        equal[id].constant = Tensor([2, 4], [1, -1, 1, 1, 1, 1, 1, 1])
        let result = try pruned(equal, .weight, 0.375).network
        #expect(result.nodes[0].weights.flatMap { result[$0].constant?.floats } == [1, -1, 1, 0, 0, 0, 0, 0])
    }

    /// The smaller network computes what the whole one computes with those channels' parameters at zero.
    @Test(arguments: 0..<24)
    func removingChannelsEqualsZeroingThem(seed: Int) throws {
        let (network, cases) = try NetworkBuilder.random(seed: UInt64(seed), normalizes: true)
        let small = try pruned(network, .filter, 0.5)
        #expect(small.network.outputs.count == 1)
        let zeroed = try Self.zeroing(network, wherePrunedIn: small.network)
        for sample in cases.prefix(2) {
            let difference = DecompositionTests.difference(
                try small.network.output(sample), try zeroed.output(sample))
            #expect(difference < 1e-5)
        }
        let (before, after) = (CompressedNetwork(network).lowered().macs, small.lowered().macs)
        #expect(after < before)
    }

    /// Zeroes every parameter slice that the pruned network lacks; slices are recognised by their values.
    static func zeroing(_ network: Network, wherePrunedIn pruned: Network) throws -> Network {
        var zeroed = network
        for index in network.values.indices {
            guard let whole = network.values[index].constant,
                let part = pruned.values.first(where: { $0.name == network.values[index].name })?.constant
            else { continue }
            let kept = Set(part.floats)
            zeroed.values[index].constant = Tensor(whole.shape, whole.floats.map { kept.contains($0) ? $0 : 0 })
        }
        return zeroed
    }

    @Test func residualPartnersAreTied() throws {
        var builder = NetworkBuilder(input: [1, 6, 6, 3], seed: 5)
        let stem = try builder.convolution(builder.input, outputs: 8, name: "stem")
        let inner = try builder.convolution(stem, outputs: 6, name: "inner")
        let back = try builder.convolution(inner, outputs: 8, activation: .none, name: "back")
        let sum = try builder.node(Addition(activation: .relu), [stem, back])
        let output = try builder.fullyConnected(sum, outputs: 4, name: "fc")
        let network = builder.finished(output)
        let groups = ChannelGroups(of: network).groups
        #expect(groups.map(\.layers) == [["stem", "back"], ["inner"], ["fc"]])
        #expect(groups.map(\.channels) == [8, 6, 4])
        #expect(groups.map(\.removable) == [8, 6, 0])
        let result = try pruned(network, .filter, 0.25, layers: ["back"])
        let shapes = result.network.nodes.compactMap { node in node.weights.map { result.network[$0].shape } }
        #expect(shapes == [[2, 3, 3, 3], [6, 3, 3, 2], [2, 3, 3, 6], [4, 72]])
        #expect(throws: Diagnostics.self) { try pruned(network, .filter, 0.5, layers: ["fc"]) }
    }

    @Test func densityAndNumbersAreChecked() throws {
        let (network, _) = try NetworkBuilder.random(seed: 2)
        for density in [-0.1, 1.5, Double.nan] {
            #expect(throws: Diagnostics.self) { try pruned(network, .weight, density) }
        }
        var broken = network
        let id = try #require(network.nodes[0].weights)
        broken[id].constant = Tensor(network[id].shape, [Float](repeating: .nan, count: network[id].shape.elementCount))
        let error = #expect(throws: Diagnostics.self) { try pruned(broken, .weight, 0.5) }
        #expect(error?.findings.first?.message.contains(network.nodes[0].name) == true)
    }
}
