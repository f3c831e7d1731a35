import Compression
import Diagnostics
import Networks
import Tensors
import Testing
import Workloads

extension Workload {
    /// The weights of all layers that multiply; lists that the others hold are none.
    var weightCount: Int { layers.reduce(0) { $0 + ($1.macs > 0 ? $1.weights?.elements ?? 0 : 0) } }
}

@Suite struct FactorFitTests {
    /// A convolution without clamp on inputs whose channels differ much in strength, with 12 cases.
    static func sample(
        outputs: Int = 8, groups: Int = 1, activation: Activation = .none
    ) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 7, 6, 4], seed: 21)
        let window = Window(strideHeight: 2, padding: .init(top: 1, left: 1, bottom: 1, right: 1))
        let image = try builder.convolution(
            builder.input, outputs: outputs, window: window, groups: groups, activation: activation, name: "conv")
        builder.network.outputs = [image]
        let cases = (0..<12).map { _ in
            builder.sample().enumerated().map { $1 * [4, 1, 0.3, 0.1][$0 % 4] + Float($0 % 4) / 4 }
        }
        return (builder.network, cases)
    }

    /// The mean squared difference of the outputs on all cases.
    static func damage(_ result: Network, _ given: Network, _ cases: [[Float]]) throws -> Double {
        let sums = try cases.map { reals in
            zip(try result.output(reals), try given.output(reals)).reduce(0.0) { sum, pair in
                let difference = Double(pair.0 - pair.1)
                return sum + difference * difference
            }
        }
        return sums.reduce(0, +) / Double(sums.count)
    }

    static func apply(_ step: any CompressionStep, to network: Network, _ cases: [[Float]]) throws -> CompressedNetwork
    {
        let result = try CompressedNetwork(network).applying([step], observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").isEmpty)
        return result
    }

    @Test(arguments: [1, 2])
    func channelBasisIsExactAtFullRank(groups: Int) throws {
        let (network, cases) = try Self.sample(groups: groups)
        let full = try #require(
            SpatialDecomposition.fullRank(of: "conv", in: network, scheme: .channelBasis))
        #expect(full == 9)
        let step = SpatialDecomposition(layers: ["conv"], rank: full, scheme: .channelBasis)
        let result = try Self.apply(step, to: network, cases)
        #expect(try Self.damage(result.network, network, cases) < 1e-9)
        let layers = try Self.apply(
            SpatialDecomposition(layers: ["conv"], rank: 2, scheme: .channelBasis), to: network, cases
        ).lowered().layers
        #expect(layers.map { $0.weights?.elements } == [2 * 4 * 3, 2 * 4 * 3, 2 * 4 / groups * 8])
        #expect(layers.map(\.macs) == [2 * 4 * 3 * 4 * 6, 2 * 4 * 3 * 4 * 6, 2 * 4 / groups * 8 * 4 * 6])
    }

    /// Weights of both schemes over those of the layer: `K d (C + N)` and `M C (2 d + N)` for `C N d^2`.
    @Test func costsFollowTheFormulas() throws {
        let (network, cases) = try Self.sample()
        for (step, expected) in [
            (SpatialDecomposition(layers: ["conv"], rank: 3), 3 * 3 * (4 + 8)),
            (SpatialDecomposition(layers: ["conv"], rank: 3, scheme: .channelBasis), 3 * 4 * (2 * 3 + 8)),
        ] {
            #expect(try Self.apply(step, to: network, cases).lowered().weightCount == expected)
        }
    }

    /// Fits to responses beat fits to weights on the cases they were fitted to, and rounds never make them worse.
    @Test(arguments: [1, 2], SpatialDecomposition.Scheme.allCases)
    func spatialResponsesAreNearer(groups: Int, scheme: SpatialDecomposition.Scheme) throws {
        let (network, cases) = try Self.sample(groups: groups)
        func damage(_ fit: FactorFit, rounds: Int = 1) throws -> Double {
            let step = SpatialDecomposition(
                layers: ["conv"], rank: 2, scheme: scheme, fit: fit, rounds: rounds)
            return try Self.damage(Self.apply(step, to: network, cases).network, network, cases)
        }
        let errors = [try damage(.weights), try damage(.responses), try damage(.responses, rounds: 6)]
        #expect(errors[1] < 0.95 * errors[0])
        #expect(errors[2] < errors[1])
        #expect(try damage(.sampleResponses) < 0.95 * errors[0])
    }

    @Test func otherFactorsAreNearerInResponses() throws {
        let (network, cases) = try Self.sample()
        let steps: [(FactorFit) -> any CompressionStep] = [
            { TuckerDecomposition(layers: ["conv"], inputRank: 3, outputRank: 3, fit: $0) },
            { BlockTermDecomposition(layers: ["conv"], blocks: 2, inputRank: 2, outputRank: 2, fit: $0) },
            { CanonicalDecomposition(layers: ["conv"], rank: 5, fit: $0) },
        ]
        for step in steps {
            let errors = try [FactorFit.weights, .responses, .sampleResponses].map {
                try Self.damage(Self.apply(step($0), to: network, cases).network, network, cases)
            }
            #expect(errors[1] < errors[0])
            // On the cases themselves the last factor is the best that there is.
            #expect(errors[2] < errors[0] && errors[2] < errors[1] + 1e-9)
        }
    }

    private static func dense(pointwise: Bool) throws -> (Network, [[Float]]) {
        var builder = NetworkBuilder(input: [1, 3, 3, 6], seed: 5)
        let image =
            pointwise
            ? try builder.convolution(
                builder.input, outputs: 9, kernel: (1, 1), window: Window(strideHeight: 2), activation: .none,
                name: "layer")
            : try builder.fullyConnected(builder.input, outputs: 20, name: "layer")
        builder.network.outputs = [image]
        let cases = (0..<40).map { _ in builder.sample().enumerated().map { $1 / Float($0 % 6 + 1) + 0.5 } }
        return (builder.network, cases)
    }

    /// The error in weights is the sum of the dropped squares; that in responses is never above any other factors'.
    @Test(arguments: [false, true])
    func singularValuesAreBest(pointwise: Bool) throws {
        let (network, cases) = try Self.dense(pointwise: pointwise)
        let shape = network[network.nodes[0].inputs[1]].shape
        let (outputs, inputs) = (shape[0], shape.elementCount / shape[0])
        let weights = Matrix(rows: outputs, columns: inputs, elements: network[network.nodes[0].inputs[1]].reals)
        let values = try SingularValueDecomposition(weights).values
        let full = try #require(FullyConnectedSVD.fullRank(of: "layer", in: network))
        for rank in 1...full {
            let plain = try Self.apply(FullyConnectedSVD(layers: ["layer"], rank: rank), to: network, cases)
            let distortion = try #require(plain.weightDistortion(ofLayer: "layer", against: network))
            let dropped = values[rank...].reduce(0) { $0 + $1 * $1 }
            #expect(abs(distortion * weights.squaredNorm - dropped) < 1e-5)
            let fitted = try Self.apply(
                FullyConnectedSVD(layers: ["layer"], rank: rank, fit: .sampleResponses), to: network, cases)
            let errors = try [plain, fitted].map { try Self.damage($0.network, network, cases) }
            #expect(errors[1] <= errors[0] + 1e-9)
            if rank == full { #expect(errors[0] < 1e-9 && errors[1] < 1e-9) }
            if rank == full / 2 { #expect(errors[1] < 0.9 * errors[0]) }
            #expect(fitted.network.nodes.count == 2)
        }
    }

    @Test func impossibleFitsAreRefused() throws {
        let (network, cases) = try Self.sample()
        let steps: [any CompressionStep] = [
            SpatialDecomposition(layers: ["conv"], rank: 10, scheme: .channelBasis),
            SpatialDecomposition(layers: ["conv"], rank: 0, scheme: .channelBasis),
            TuckerDecomposition(layers: ["conv"], inputRank: 2, outputRank: 2, ranks: .evbmf),
            BlockTermDecomposition(layers: ["conv"], blocks: 5, inputRank: 1, outputRank: 1),
            BlockTermDecomposition(layers: ["conv"], blocks: 2, inputRank: 3, outputRank: 1),
            BlockTermDecomposition(layers: ["conv"], blocks: 2),
            CanonicalDecomposition(layers: ["conv"], rank: 0), CanonicalDecomposition(layers: ["conv"], rank: 37),
            ResponseDecomposition(layers: ["conv"], rank: 9), ResponseDecomposition(layers: ["conv"], rank: 0),
            ResponseDecomposition(layers: ["conv"], rank: 2, budget: 0.5),
            ResponseDecomposition(layers: ["conv"], budget: 0.001),
        ]
        for step in steps {
            let error = #expect(throws: Diagnostics.self) { try Self.apply(step, to: network, cases) }
            #expect(error?.findings.isEmpty == false)
        }
        for step: any CompressionStep in [
            SpatialDecomposition(layers: ["conv"], rank: 2, fit: .responses),
            ResponseDecomposition(layers: ["conv"], rank: 2),
        ] {
            let error = #expect(throws: Diagnostics.self) { try Self.apply(step, to: network, []) }
            #expect(error?.findings.first?.message.contains("without calibration cases") == true)
        }
    }
}
