import Compression
import Diagnostics
import Networks
import Tensors
import Testing
import Workloads

@Suite struct RewriteTests {
    /// Two convolutions and a classifier; `plant` may change the weights of the second convolution, `6 x 3 x 3 x 8`.
    static func network(
        plant: ([Float]) -> [Float] = { $0 }, window: Window = Window(padding: .uniform(1))
    ) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 7, 6, 3], seed: 21)
        let first = try builder.convolution(builder.input, outputs: 8, name: "first")
        let second = try builder.convolution(first, outputs: 6, window: window, name: "second")
        let logits = try builder.fullyConnected(second, outputs: 5, name: "logits")
        let cases = (0..<24).map { _ in builder.sample() }
        var network = builder.finished(logits)
        let id = network.nodes[1].inputs[1]
        network[id].constant = Tensor([6, 3, 3, 8], plant(network[id].constant?.floats ?? []))
        return (network, cases)
    }

    static func apply(
        _ steps: [any CompressionStep], to network: Network, cases: [[Float]]
    ) throws -> CompressedNetwork {
        let result = try CompressedNetwork(network).applying(steps, observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").isEmpty)
        return result
    }

    /// The squared error of the layer's result on cases, over its squares.
    static func error(of layer: String, in result: Network, against network: Network, cases: [[Float]]) throws -> Double
    {
        func value(_ network: Network) throws -> ValueID {
            let value = network.values.firstIndex { $0.name == "\(layer):out" }
            return ValueID(try #require(value))
        }
        let (own, other) = (try value(network), try value(result))
        var (error, squares) = (0.0, 0.0)
        for reals in cases {
            let (expected, found) = (try network.evaluate([reals])[own], try result.evaluate([reals])[other])
            for (left, right) in zip(expected?.floats ?? [], found?.floats ?? []) {
                error += Double((left - right) * (left - right))
                squares += Double(left * left)
            }
        }
        return error / squares
    }

    /// A kernel whose every input channel has one spatial filter for all outputs.
    static func separable(_ weights: [Float]) -> [Float] {
        (0..<6 * 9 * 8).map { place in
            let (output, tap, channel) = (place / 72, place / 8 % 9, place % 8)
            return weights[output * 8 + channel] * weights[100 + tap * 8 + channel] * 4
        }
    }

    /// A kernel of two groups of 4 inputs and 3 outputs each, dealt out or side by side.
    static func grouped(shuffled: Bool) -> ([Float]) -> [Float] {
        { weights in
            weights.indices.map { place in
                let (output, channel) = (place / 72, place % 8)
                return (shuffled ? output % 2 : output / 3) == channel / 4 ? weights[place] : 0
            }
        }
    }

    /// A kernel of two groups with three maps each, mixed.
    static func mixed(_ weights: [Float]) -> [Float] {
        weights.indices.map { place in
            let (output, tap, channel) = (place / 72, place / 8 % 9, place % 8)
            return (0..<3).reduce(Float(0)) { sum, map in
                let kernel = weights[(map * 9 + tap) * 8 + channel]
                return sum + kernel * weights[300 + (output * 2 + channel / 4) * 3 + map] * 4
            }
        }
    }

    /// A kernel that reads one direction of positive weights, its first three outputs at the middle place only.
    static func fire(_ weights: [Float]) -> [Float] {
        weights.indices.map { place in
            let (output, tap, channel) = (place / 72, place / 8 % 9, place % 8)
            return output < 3 && tap != 4 ? 0 : weights[output * 9 + tap] * abs(weights[100 + channel]) * 6
        }
    }

    @Test(arguments: [FitTarget.responses, .weights])
    func layersThatHaveTheFormStay(fit: FitTarget) throws {
        let forms: [(([Float]) -> [Float], any CompressionStep)] = [
            (Self.separable, DepthwiseSeparableRewrite(layers: ["second"], fit: fit)),
            ({ $0 }, DepthwiseSeparableRewrite(layers: ["second"], multiplier: 6, fit: fit)),
            (Self.grouped(shuffled: false), GroupedRewrite(layers: ["second"], fit: fit)),
            (Self.grouped(shuffled: true), GroupedRewrite(layers: ["second"], mix: .shuffle, fit: fit)),
            (Self.mixed, GroupedRewrite(layers: ["second"], mix: .pointwise, fit: fit)),
            (Self.fire, FireRewrite(layers: ["second"], squeezeRatio: 0.2, fit: fit)),
        ]
        for (plant, step) in forms {
            let (network, cases) = try Self.network(plant: plant)
            let result = try Self.apply([step], to: network, cases: cases)
            let error = try Self.error(of: "second", in: result.network, against: network, cases: cases)
            #expect(error < 1e-9, "\(step)")
        }
    }

    /// Responses are nearer than by the weights alone, and nearer with more rounds.
    @Test func responsesAreFittedBetterThanByWeights() throws {
        let (network, cases) = try Self.network()
        func error(_ step: any CompressionStep) throws -> Double {
            let result = try Self.apply([step], to: network, cases: cases)
            return try Self.error(of: "second", in: result.network, against: network, cases: cases)
        }
        let layers: LayerSelection = ["second"]
        let pairs: [(any CompressionStep, any CompressionStep)] = [
            (DepthwiseSeparableRewrite(layers: layers), DepthwiseSeparableRewrite(layers: layers, fit: .weights)),
            (GroupedRewrite(layers: layers), GroupedRewrite(layers: layers, fit: .weights)),
            (
                GroupedRewrite(layers: layers, mix: .shuffle),
                GroupedRewrite(layers: layers, mix: .shuffle, fit: .weights)
            ),
            (
                GroupedRewrite(layers: layers, groups: 2, mix: .pointwise),
                GroupedRewrite(layers: layers, groups: 2, mix: .pointwise, fit: .weights)
            ),
            (DepthwiseSeparableRewrite(layers: layers), DepthwiseSeparableRewrite(layers: layers, iterations: 0)),
            (
                FireRewrite(layers: layers, squeezeRatio: 0.5),
                FireRewrite(layers: layers, squeezeRatio: 0.5, fit: .weights)
            ),
            (FireRewrite(layers: layers, squeezeRatio: 0.5), FireRewrite(layers: layers, squeezeRatio: 0.17)),
        ]
        for (better, worse) in pairs {
            let (low, high) = (try error(better), try error(worse))
            #expect(low < high, "\(better)")
        }
    }

    /// Products of the separable form are `1 / outputs + 1 / (height * width)` of the convolution's, of groups `1 / groups`.
    @Test func costsFollowTheFormulas() throws {
        let (network, cases) = try Self.network()
        func macs(_ steps: [any CompressionStep]) throws -> Int {
            let result = try Self.apply(steps, to: network, cases: cases)
            return result.lowered().layers.filter { $0.name.hasPrefix("second") }.reduce(0) { $0 + $1.macs }
        }
        let before = try macs([])
        #expect(try macs([DepthwiseSeparableRewrite(layers: ["second"])]) * 6 * 9 == before * (6 + 9))
        #expect(
            try macs([DepthwiseSeparableRewrite(layers: ["second"], multiplier: 2)]) * 6 * 9 == 2 * before * (6 + 9))
        #expect(try macs([GroupedRewrite(layers: ["second"])]) * 2 == before)
        let (pixels, mix) = (7 * 6, 7 * 6 * 6 * 6)
        let fire = pixels * 3 * (8 + 3 + 3 * 9)
        #expect(try macs([FireRewrite(layers: ["second"], squeezeRatio: 0.5)]) == fire)
        #expect(try macs([GroupedRewrite(layers: ["second"], mix: .pointwise)]) == before / 2 + mix)
    }

    /// Later layers are fitted to what the rewritten earlier ones give, so that errors do not add up.
    @Test func laterLayersMakeUpForEarlierOnes() throws {
        let (network, cases) = try Self.network()
        let both = try Self.apply([GroupedRewrite(layers: ["second"])], to: network, cases: cases)
        #expect(both.history.last?.remarks.count == 1)
        let all = DepthwiseSeparableRewrite(layers: ["first", "second"])
        let turn = try Self.apply([all], to: network, cases: cases)
        let apart = try Self.apply(
            [DepthwiseSeparableRewrite(layers: ["second"]), DepthwiseSeparableRewrite(layers: ["first"])], to: network,
            cases: cases)
        let errors = try [turn, apart].map {
            try Self.error(of: "second", in: $0.network, against: network, cases: cases)
        }
        #expect(errors[0] < errors[1])
    }

    @Test func unsuitableLayersAndNumbersAreRefused() throws {
        let (network, cases) = try Self.network()
        let steps: [any CompressionStep] = [
            DepthwiseSeparableRewrite(layers: ["logits"]),
            DepthwiseSeparableRewrite(layers: ["second"], multiplier: 0),
            DepthwiseSeparableRewrite(layers: ["second"], multiplier: 7),
            GroupedRewrite(layers: ["second"], groups: 4), GroupedRewrite(layers: ["first"]),
            FireRewrite(layers: ["logits"]),
        ]
        for step in steps {
            let refusal = #expect(throws: Diagnostics.self) { try Self.apply([step], to: network, cases: cases) }
            #expect(refusal?.findings.isEmpty == false)
        }
        #expect(throws: Diagnostics.self) {
            try Self.apply([DepthwiseSeparableRewrite(layers: ["second"])], to: network, cases: [])
        }
        let unseen = try Self.apply([GroupedRewrite(layers: ["*"])], to: network, cases: cases)
        #expect(unseen.network.nodes.count == 3)
    }
}
