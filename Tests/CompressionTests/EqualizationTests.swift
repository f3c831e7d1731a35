import Compression
import Diagnostics
import Networks
import Tensors
import Testing

@Suite struct EqualizationTests {
    /// A chain: convolution, pooling, depthwise, flattening, a classifier; with channels of very different reach.
    private func chain(_ activation: Activation = .relu) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 8, 8, 3], seed: 12)
        let first = try builder.convolution(builder.input, outputs: 6, activation: activation, name: "first")
        let pool = Window(strideHeight: 2, strideWidth: 2)
        let pooled = try builder.node(MaxPool2D(kernelHeight: 2, kernelWidth: 2, window: pool), [first])
        let filters = builder.constant("deep:w", [1, 3, 3, 12], scale: 0.6)
        let bias = builder.constant("deep:b", [12], scale: 0.3)
        let deep = try builder.node(
            DepthwiseConvolution2D(window: Window(padding: .uniform(1))), [pooled, filters, bias], name: "deep")
        let leaky = try builder.node(LeakyRectifier(alpha: 0.25), [deep])
        let grouped = try builder.convolution(leaky, outputs: 8, groups: 2, name: "grouped")
        let flat = try builder.node(Reshape(shape: [1, 4 * 4 * 8]), [grouped])
        let logits = try builder.fullyConnected(flat, outputs: 5, name: "logits")
        var network = builder.finished(logits)
        for place in network.values.indices where network.values[place].name.hasPrefix("first:") {
            let id = ValueID(place)
            guard let constant = network[id].constant, network[id].name != "first:out" else { continue }
            let share = constant.floats.count / 6
            network[id].constant = Tensor(
                constant.shape, constant.floats.enumerated().map { $1 * Float(1 << ($0 / share * 2)) / 32 })
        }
        return (network, (0..<5).map { _ in builder.sample() })
    }

    private func reach(_ network: Network, _ layer: String, output: Int, of count: Int) throws -> Float {
        let node = try #require(network.nodes.first { $0.name == layer })
        let weights = network[node.inputs[1]]
        let inner = node.operation is DepthwiseConvolution2D ? 1 : weights.shape.elementCount / count
        return (weights.constant?.floats ?? []).enumerated().reduce(0) {
            $1.offset / inner % count == output ? max($0, abs($1.element)) : $0
        }
    }

    @Test func functionStaysAndReachesMeet() throws {
        let (network, cases) = try chain()
        let observer = CaseObserver(cases: cases)
        let result = try CompressedNetwork(network).applying(CrossLayerEqualization(), observing: observer)
        for sample in cases {
            for (left, right) in zip(try network.output(sample), try result.network.output(sample)) {
                #expect(abs(left - right) < 1e-4 * (1 + abs(left)))
            }
        }
        #expect(result.history[0].layers == ["first", "deep", "grouped", "logits"])
        for channel in 0..<6 {
            let written = try reach(result.network, "first", output: channel, of: 6)
            let read = try max(
                reach(result.network, "deep", output: 2 * channel, of: 12),
                reach(result.network, "deep", output: 2 * channel + 1, of: 12))
            #expect(abs(written / read - 1) < 0.01)
        }
    }

    /// A channel whose weights are nothing beside the others', as training leaves dead ones, keeps them: equalized, its bias and
    /// with it the range of all activations would grow beyond any grid.
    @Test func deadChannelsStayAsTheyAre() throws {
        var (network, cases) = try chain()
        let node = try #require(network.nodes.first { $0.name == "first" })
        let constant = try #require(network[node.inputs[1]].constant)
        let share = constant.floats.count / 6
        network[node.inputs[1]].constant = Tensor(
            constant.shape, constant.floats.enumerated().map { $0 / share == 2 ? $1 * 1e-25 : $1 })
        let before = try reach(network, "first", output: 2, of: 6)
        let observer = CaseObserver(cases: cases)
        let result = try CompressedNetwork(network).applying(CrossLayerEqualization(), observing: observer)
        #expect(try reach(result.network, "first", output: 2, of: 6) == before)
        let living = try reach(result.network, "first", output: 1, of: 6)
        #expect(try living != reach(network, "first", output: 1, of: 6))
        let biases = result.network.nodes.compactMap { $0.bias.map { result.network[$0].reals.map(abs).max() ?? 0 } }
        #expect(biases.allSatisfy { $0 < 1e3 }, "\(biases)")
    }

    /// A clamp from above, a branch and an output of the network stop it.
    @Test func stopsAtClampsAndBranches() throws {
        let (clamped, cases) = try chain(.relu6)
        let observer = CaseObserver(cases: cases)
        #expect(throws: Diagnostics.self) {
            try CompressedNetwork(clamped).applying(CrossLayerEqualization(layers: ["first"]), observing: observer)
        }
        #expect(throws: Diagnostics.self) {
            try CompressedNetwork(clamped).applying(CrossLayerEqualization(layers: ["logits"]), observing: observer)
        }
        var builder = NetworkBuilder(input: [1, 4, 4, 2], seed: 2)
        let first = try builder.convolution(builder.input, outputs: 2, name: "first")
        let second = try builder.convolution(first, outputs: 2, name: "second")
        let sum = try builder.node(Addition(), [first, second])
        let network = builder.finished(sum)
        let error = #expect(throws: Diagnostics.self) {
            try CompressedNetwork(network).applying(
                CrossLayerEqualization(layers: ["first"]), observing: CaseObserver(cases: []))
        }
        #expect(error?.findings.first?.message.contains("one layer alone") == true)
        let integer = try CompressedNetwork(clamped).applying(FixedPointQuantization(), observing: observer)
        #expect(throws: Diagnostics.self) {
            try integer.applying(CrossLayerEqualization(layers: ["deep"]), observing: observer)
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func anyNetworkKeepsItsFunction(seed: UInt64) throws {
        let (network, cases) = try NetworkBuilder.random(seed: seed, normalizes: true)
        let result = try CompressedNetwork(network).applying(
            CrossLayerEqualization(), observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").isEmpty)
        for (left, right) in zip(try network.output(cases[0]), try result.network.output(cases[0])) {
            #expect(abs(left - right) < 1e-4 * (1 + abs(left)))
        }
    }
}
