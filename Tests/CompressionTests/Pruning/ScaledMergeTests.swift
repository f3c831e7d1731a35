import Compression
import Diagnostics
import Networks
import Tensors
import Testing

/// Neurons that stand for others times a factor.
@Suite struct ScaledMergeTests {
    private static func apply(_ step: NeuronMerge, to network: Network) throws -> CompressedNetwork {
        let result = try CompressedNetwork(network).applying([step], observing: CaseObserver(cases: []))
        #expect(result.faults(file: "test").map(\.message) == [])
        return result
    }

    /// Makes a filter `factor` times another, its bias too, along the last or the first axis of weights.
    private static func copy(
        _ source: Int, to target: Int, times factor: Float, biasTimes biasFactor: Float, ofNodeAt place: Int,
        in network: inout Network
    ) {
        for (operand, id) in network.nodes[place].inputs.enumerated().dropFirst() {
            guard var values = network[id].constant?.floats else { continue }
            let isLast = operand == 1 && network.nodes[place].operation is DepthwiseConvolution2D
            let channels = isLast ? network[id].shape[3] : network[id].shape[0]
            let size = values.count / channels
            for index in 0..<size {
                let (from, to) =
                    isLast
                    ? (index * channels + source, index * channels + target)
                    : (source * size + index, target * size + index)
                values[to] = values[from] * (operand == 1 ? factor : biasFactor)
            }
            network[id].constant = Tensor(network[id].shape, values)
        }
    }

    private static func network(
        clamp: Activation = .relu, deep: Bool = false
    ) throws -> (network: Network, sample: [Float]) {
        var builder = NetworkBuilder(input: [1, 6, 6, 3], seed: 17)
        var image = try builder.convolution(builder.input, outputs: 6, activation: clamp, name: "conv")
        if deep {
            let filters = builder.constant("deep:w", [1, 3, 3, 6], scale: 0.6)
            let bias = builder.constant("deep:b", [6], scale: 0.3)
            let deep = DepthwiseConvolution2D(window: Window(padding: .uniform(1)), activation: .relu)
            image = try builder.node(deep, [image, filters, bias], name: "deep")
        }
        let pooled = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [image])
        let answer = try builder.fullyConnected(pooled, outputs: 4, name: "logits")
        let sample = builder.sample()
        return (builder.finished(answer), sample)
    }

    private static func loss(_ step: NeuronMerge, of network: Network, on sample: [Float]) throws -> Float {
        DecompositionTests.difference(
            try apply(step, to: network).network.output(sample), try network.output(sample))
    }

    /// A neuron that is another times a positive factor leaves, and the answers stay.
    @Test(arguments: [0.125, 0.7, 3] as [Float])
    func multiplesMergeWithoutLoss(factor: Float) throws {
        var (network, sample) = try Self.network()
        Self.copy(1, to: 4, times: factor, biasTimes: factor, ofNodeAt: 0, in: &network)
        let step = NeuronMerge(layers: ["conv"], density: 5.0 / 6, scaled: true)
        let merged = try Self.apply(step, to: network)
        #expect(merged.network[try #require(merged.network.nodes[0].weights)].shape[0] == 5)
        #expect(try Self.loss(step, of: network, on: sample) < 1e-5)
        #expect(
            try Self.loss(NeuronMerge(layers: ["conv"], density: 5.0 / 6, scaled: false), of: network, on: sample)
                > 1e-3)
    }

    /// Behind a depthwise layer the factors of both layers are multiplied.
    @Test func factorsMultiplyInDepth() throws {
        var (network, sample) = try Self.network(deep: true)
        Self.copy(2, to: 5, times: 0.5, biasTimes: 0.5, ofNodeAt: 0, in: &network)
        Self.copy(2, to: 5, times: 3, biasTimes: 1.5, ofNodeAt: 1, in: &network)
        #expect(
            try Self.loss(NeuronMerge(layers: ["conv"], density: 5.0 / 6, scaled: true), of: network, on: sample) < 1e-5
        )
    }

    /// Channels of a residual sum are each other's multiples in every reader.
    @Test func factorsHoldOverResidualSums() throws {
        var builder = NetworkBuilder(input: [1, 5, 5, 3], seed: 23)
        let first = try builder.convolution(builder.input, outputs: 6, name: "first")
        let inner = try builder.convolution(first, outputs: 4, name: "inner")
        let back = try builder.convolution(inner, outputs: 6, activation: .none, name: "back")
        let sum = try builder.node(Addition(activation: .relu), [first, back])
        let pooled = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [sum])
        let answer = try builder.fullyConnected(pooled, outputs: 4, name: "logits")
        let sample = builder.sample()
        var network = builder.finished(answer)
        for place in [0, 2] { Self.copy(0, to: 3, times: 1.5, biasTimes: 1.5, ofNodeAt: place, in: &network) }
        #expect(
            try Self.loss(NeuronMerge(layers: ["first"], density: 5.0 / 6, scaled: true), of: network, on: sample)
                < 1e-5)
    }

    /// Behind a clamp above neurons count as equal or not, and the outcome says so.
    @Test func clampsKeepNoProportions() throws {
        let (network, sample) = try Self.network(clamp: .relu6)
        let step = NeuronMerge(layers: ["conv"], density: 0.5, scaled: true)
        let outcome = try step.transform(
            CompressedNetwork(network), layers: ["conv", "logits"], observing: CaseObserver(cases: []))
        #expect(outcome.remarks.first?.contains("want of proportions") == true)
        let plain = try Self.apply(NeuronMerge(layers: ["conv"], density: 0.5, scaled: false), to: network)
        #expect(try outcome.compressed.network.output(sample) == plain.network.output(sample))
    }

    /// A neuron opposite to all others merely leaves: what read it moves nowhere.
    @Test func oppositesLeave() throws {
        var (network, _) = try Self.network()
        for place in 1..<6 {
            Self.copy(0, to: place, times: Float(place) / 2, biasTimes: Float(place) / 2, ofNodeAt: 0, in: &network)
        }
        Self.copy(0, to: 5, times: -0.01, biasTimes: -0.01, ofNodeAt: 0, in: &network)
        let last = try #require(network.nodes.last?.weights)
        let merged = try Self.apply(NeuronMerge(layers: ["conv"], density: 1.0 / 6, scaled: true), to: network)
        let id = try #require(merged.network.nodes.last?.weights)
        let (given, left) = (network[last].reals, merged.network[id].reals)
        let (lengths, unit) = (
            [1, 0.5, 1, 1.5, 2, 0], merged.network[try #require(merged.network.nodes[0].weights)].reals
        )
        let scale = unit[0] / network[try #require(network.nodes[0].weights)].reals[0]
        for output in 0..<4 {
            let sum = (0..<6).reduce(0) { $0 + lengths[$1] * given[output * 6 + $1] }
            #expect(abs(left[output] - sum / scale) < 1e-4)
        }
    }
}
