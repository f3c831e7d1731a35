import Compression
import Diagnostics
import Networks
import Tensors
import Testing
import Workloads

/// Steps that remove channels or layers, on small networks.
@Suite struct ChannelStepTests {
    /// A convolution of 5 channels, of which the last is the second again, and a classifier; weights are eighths.
    private static func duplicated() throws -> (network: Network, samples: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 4, 4, 2], seed: 31)
        let image = try builder.convolution(builder.input, outputs: 5, name: "conv")
        let pool = Window(strideHeight: 2, strideWidth: 2)
        let pooled = try builder.node(MaxPool2D(kernelHeight: 2, kernelWidth: 2, window: pool), [image])
        let deep = try builder.fullyConnected(pooled, outputs: 6, activation: .relu, name: "hidden")
        let answer = try builder.fullyConnected(deep, outputs: 3, name: "logits")
        var network = builder.finished(answer)
        for index in network.values.indices {
            guard let constant = network.values[index].constant else { continue }
            network.values[index].constant = Tensor(constant.shape, constant.floats.map { ($0 * 8).rounded() / 8 })
        }
        for id in network.nodes[0].inputs.dropFirst() {
            guard var values = network[id].constant?.floats else { continue }
            let size = values.count / 5
            values.replaceSubrange(4 * size..<5 * size, with: values[size..<2 * size])
            network[id].constant = Tensor(network[id].shape, values)
        }
        let samples = (0..<6).map { _ in builder.sample().map { ($0 * 8).rounded() / 8 } }
        return (network, samples)
    }

    /// Row 8: a duplicated neuron goes first, and the logits stay exactly the same.
    @Test func duplicatesMergeWithoutLoss() throws {
        let (network, samples) = try Self.duplicated()
        let merged = try CompressedNetwork.applying(NeuronMerge(layers: ["conv"], density: 0.8), to: network, cases: [])
        let weights = try #require(merged.network.nodes[0].weights)
        let given = try #require(network.nodes[0].weights)
        #expect(merged.network[weights].shape[0] == 4)
        #expect(merged.network[weights].constant?.floats == network[given].constant.map { Array($0.floats.prefix(72)) })
        for sample in samples { #expect(try merged.network.output(sample) == network.output(sample)) }
    }

    /// A duplicate in a residual network with batch normalization, depthwise layers and several readers.
    @Test(arguments: 0..<12)
    func duplicatesMergeInAnyStructure(seed: Int) throws {
        let (network, cases) = try NetworkBuilder.random(seed: UInt64(seed), normalizes: true)
        let analysis = ChannelAnalysis(network)
        guard let group = analysis.groups.first(where: { $0.removable.count > 2 }) else { return }
        var twin = network
        let (first, second) = (group.removable[0], group.removable[1])
        for (id, slices) in analysis.slices {
            guard let constant = network[id].constant else { continue }
            for slice in slices where !slice.isSummed {
                let own = slice.units.map(analysis.root)
                let sources = own.indices.filter { own[$0] == first }
                let targets = own.indices.filter { own[$0] == second }
                guard sources.count == targets.count else { continue }
                var values = twin[id].constant?.floats ?? []
                let inner = constant.shape.extents[(slice.axis + 1)...].reduce(1, *)
                for place in values.indices {
                    guard let index = targets.firstIndex(of: place / inner % own.count) else { continue }
                    values[place] = values[place + (sources[index] - targets[index]) * inner]
                }
                twin[id].constant = Tensor(constant.shape, values)
            }
        }
        let count = group.roots.count
        let merge = NeuronMerge(layers: [group.layers[0]], density: Double(count - 1) / Double(count))
        let merged = try CompressedNetwork.applying(merge, to: twin, cases: [])
        for sample in cases.prefix(2) {
            #expect(
                DecompositionTests.difference(try merged.network.output(sample), try twin.output(sample)) < 1e-4)
        }
    }

    /// Merging loses less than dropping the same number of filters by magnitude.
    @Test func mergingBeatsDropping() throws {
        var (merged, dropped): (Float, Float) = (0, 0)
        for seed in 0..<8 {
            var builder = NetworkBuilder(input: [1, 5, 5, 3], seed: UInt64(seed) + 60)
            let image = try builder.convolution(builder.input, outputs: 12, kernel: (1, 1), window: Window())
            let answer = try builder.fullyConnected(image, outputs: 4, name: "fc")
            let network = builder.finished(answer)
            let sample = builder.sample()
            let exact = try network.output(sample)
            func error(_ step: any CompressionStep) throws -> Float {
                let result = try CompressedNetwork.applying(step, to: network, cases: [])
                return zip(try result.network.output(sample), exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            }
            merged += try error(NeuronMerge(layers: ["layer0"], density: 0.75))
            dropped += try error(MagnitudePruning(layers: ["layer0"], granularity: .filter, density: 0.75))
        }
        #expect(merged < dropped)
    }

    /// Readers that are fitted again respond nearer to what they did than those that only lose channels.
    @Test func fittedReadersStayNear() throws {
        let (network, samples) = try Self.duplicated()
        var generator = SplitMix(seed: 5)
        let cases = (0..<40).map { _ in (0..<32).map { _ in generator.signed() } }
        func error(_ step: any CompressionStep) throws -> Float {
            let result = try CompressedNetwork.applying(step, to: network, cases: cases)
            #expect(result.network[try #require(result.network.nodes[0].weights)].shape[0] == 3)
            return try (samples + cases).reduce(0) { sum, sample in
                zip(try result.network.output(sample), try network.output(sample)).reduce(sum) {
                    $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
                }
            }
        }
        let naive = try error(MagnitudePruning(layers: ["conv"], granularity: .filter, density: 0.6))
        let none = try error(ThiNet(layers: ["conv"], density: 0.6, refit: .none))
        let weights = try error(ThiNet(layers: ["conv"], density: 0.6))
        let lasso = try error(LassoChannelSelection(layers: ["conv"], density: 0.6))
        #expect(weights < none && weights < naive && lasso < naive)
    }

    /// Any structure stays well formed, whatever leaves; with all channels kept the network stays what it was.
    @Test(arguments: 0..<12)
    func structuresStayWellFormed(seed: Int) throws {
        let (network, cases) = try NetworkBuilder.random(seed: UInt64(seed), normalizes: true)
        for refit in ThiNet.Refit.allCases {
            let small = try CompressedNetwork.applying(
                ThiNet(density: 0.5, refit: refit, positions: 8), to: network, cases: cases)
            #expect(small.lowered().macs < CompressedNetwork(network).lowered().macs)
        }
        let chosen = try CompressedNetwork.applying(
            LassoChannelSelection(density: 0.6, positions: 8), to: network, cases: cases)
        #expect(chosen.lowered().macs < CompressedNetwork(network).lowered().macs)
        let whole = try CompressedNetwork.applying(LassoChannelSelection(density: 1), to: network, cases: cases)
        #expect(try whole.network.output(cases[0]) == network.output(cases[0]))
        _ = try CompressedNetwork.applying(NeuronMerge(density: 0.5), to: network, cases: [])
    }

    /// Kernels of constant contribution leave without loss: their mean goes to the bias.
    @Test func constantContributionsMoveToTheBias() throws {
        var builder = NetworkBuilder(input: [1, 5, 5, 4], seed: 3)
        let image = try builder.convolution(builder.input, outputs: 6, kernel: (1, 1), window: Window(), name: "conv")
        let network = builder.finished(image)
        let samples = (0..<4).map { _ in
            builder.sample().enumerated().map { $0 % 4 == 2 ? Float(0.75) : $1 }
        }
        let result = try CompressedNetwork.applying(InboundPruning(density: 0.75), to: network, cases: samples)
        let weights = try #require(result.network.nodes[0].weights)
        let values = result.network[weights].constant?.floats ?? []
        #expect(values.indices.allSatisfy { (values[$0] == 0) == ($0 % 4 == 2) })
        #expect(
            DecompositionTests.difference(try result.network.output(samples[0]), try network.output(samples[0])) < 1e-5)
        #expect(result.lowered().layers[0].weights?.nonzeroElements == 18)
    }

    /// With all maps kept the 1x1 layer copies; costs are those of a thin layer and `maps x outputs`.
    @Test func mapsAreReused() throws {
        for groups in [1, 2] {
            let (network, sample) = try DecompositionTests.network(groups: groups)
            var generator = SplitMix(seed: 8)
            let cases = (0..<8).map { _ in (0..<sample.count).map { _ in generator.signed() } }
            let whole = try CompressedNetwork.applying(
                ReduceAndReuse(layers: ["conv"], fraction: 1), to: network, cases: cases)
            #expect(
                DecompositionTests.difference(try whole.network.output(sample), try network.output(sample)) < 1e-5)
            let thin = try CompressedNetwork.applying(
                ReduceAndReuse(layers: ["conv"], rank: 2), to: network, cases: cases)
            let layers = thin.lowered().layers
            #expect(layers[0].weights?.elements == 2 * groups * 3 * 2 * 4 / groups)
            #expect(layers[1].weights?.elements == 6 * 2)
            #expect(throws: Diagnostics.self) {
                try CompressedNetwork.applying(ReduceAndReuse(layers: ["conv"], rank: 7), to: network, cases: cases)
            }
        }
    }

    @Test func unsuitableLayersAreRefusedWithTheirName() throws {
        var builder = NetworkBuilder(input: [1, 5, 5, 4], seed: 3)
        let deep = try builder.depthwise(builder.input)
        let answer = try builder.fullyConnected(deep, outputs: 3, name: "fc")
        let network = builder.finished(answer)
        let name = network.nodes[0].name
        let steps: [any CompressionStep] = [
            ThiNet(layers: ["fc"]), ThiNet(layers: [LayerSelection([name]).patterns[0]].selection),
            LassoChannelSelection(layers: ["fc"]), NeuronMerge(layers: ["fc"]),
            InboundPruning(layers: [name].selection), ReduceAndReuse(layers: [name].selection, rank: 1),
            ReduceAndReuse(layers: ["fc"], rank: 4), ReduceAndReuse(layers: ["fc"], rank: 0),
            ReduceAndReuse(layers: ["fc"]), LayerRemoval(layers: ["fc"]), ThiNet(density: 1.5),
            LassoChannelSelection(density: -0.1), InboundPruning(density: .nan), NeuronMerge(density: 2),
            LayerRemoval(count: 0),
        ]
        for step in steps {
            let error = #expect(throws: Diagnostics.self) {
                try CompressedNetwork.applying(step, to: network, cases: [builder.sample()])
            }
            #expect(error?.findings.isEmpty == false)
        }
        let (given, _) = try Self.duplicated()
        let blind: [any CompressionStep] = [
            ThiNet(layers: ["conv"]), LassoChannelSelection(layers: ["conv"]), InboundPruning(layers: ["conv"]),
            ReduceAndReuse(layers: ["conv"], rank: 2),
        ]
        for step in blind {
            let error = #expect(throws: Diagnostics.self) { try CompressedNetwork.applying(step, to: given, cases: []) }
            #expect(error?.findings.first?.message.contains("no calibration cases") == true)
        }
        let statistics = ActivationStatistics()
        #expect(throws: Diagnostics.self) {
            try CompressedNetwork(network).applying(InboundPruning(layers: ["fc"]), observing: statistics)
        }
    }
}

extension [String] {
    fileprivate var selection: LayerSelection { LayerSelection(self) }
}
