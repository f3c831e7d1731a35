import Compression
import Networks
import Tensors
import Testing

/// The weights that stay of each filter make up for the input channels that it lost.
@Suite struct InboundCorrectionTests {
    /// Squared distance of a network's answers from those of another.
    private static func error(of network: Network, from exact: Network, on cases: [[Float]]) throws -> Double {
        try cases.reduce(0) { sum, sample in
            zip(try network.output(sample), try exact.output(sample)).reduce(sum) {
                $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
            }
        }
    }

    private static func layer(
        groups: Int = 1, depth: Int = 6, side: Int = 5
    ) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, side, side, depth], seed: UInt64(20 + groups))
        let image = try builder.convolution(
            builder.input, outputs: 4, kernel: side > 1 ? (3, 3) : (1, 1),
            window: side > 1 ? Window(padding: .uniform(1)) : Window(), groups: groups, activation: .none, name: "conv")
        let network = builder.finished(image)
        return (network, (0..<12).map { _ in builder.sample() })
    }

    private static func weights(of network: Network) -> [Float] {
        network.nodes[0].weights.flatMap { network[$0].constant?.floats } ?? []
    }

    /// A channel that is a linear mix of others leaves, and the responses stay what they were.
    @Test func mixesLeaveWithoutLoss() throws {
        var builder = NetworkBuilder(input: [1, 5, 5, 4], seed: 3)
        let image = try builder.convolution(
            builder.input, outputs: 6, kernel: (1, 1), window: Window(), activation: .none, name: "conv")
        var network = builder.finished(image)
        let id = try #require(network.nodes[0].weights)
        network[id].constant = Tensor(network[id].shape, Self.weights(of: network).map { $0 + ($0 < 0 ? -0.5 : 0.5) })
        let cases = (0..<8).map { _ in
            var sample = builder.sample()
            for place in stride(from: 0, to: sample.count, by: 4) {
                sample[place + 2] = 0.02 * sample[place] - 0.05 * sample[place + 1] + 0.03 * sample[place + 3] + 0.5
            }
            return sample
        }
        let fitted = try CompressedNetwork.applying(
            InboundPruning(density: 0.75, damping: 0), to: network, cases: cases)
        let weights = Self.weights(of: fitted.network)
        #expect(weights.indices.allSatisfy { (weights[$0] == 0) == ($0 % 4 == 2) })
        #expect(try Self.error(of: fitted.network, from: network, on: cases) < 1e-9)
        let naive = try CompressedNetwork.applying(
            InboundPruning(density: 0.75, corrects: false), to: network, cases: cases)
        #expect(try Self.error(of: naive.network, from: network, on: cases) > 1e-3)
    }

    /// Whatever the density and the damping, on the cases seen the error never grows; zeros stay zeros.
    @Test(arguments: [1, 2], [0.2, 0.5, 0.8])
    func errorsNeverGrow(groups: Int, density: Double) throws {
        let (network, cases) = try Self.layer(groups: groups)
        let given = try CompressedNetwork.applying(MagnitudePruning(density: 0.7), to: network, cases: cases).network
        func error(corrects: Bool, damping: Double = 0) throws -> Double {
            let step = InboundPruning(density: density, positions: 64, corrects: corrects, damping: damping)
            let result = try CompressedNetwork.applying(step, to: given, cases: cases).network
            let pairs = zip(Self.weights(of: given), Self.weights(of: result))
            #expect(pairs.allSatisfy { $0 != 0 || $1 == 0 })
            return try Self.error(of: result, from: given, on: cases)
        }
        let naive = try error(corrects: false)
        let errors = try [0, 0.01, 0.3, 1].map { try error(corrects: true, damping: $0) }
        #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 <= $1 * (1 + 1e-6) })
        #expect(errors[3] < naive && errors[0] < 0.99 * naive)
    }

    /// Filters of more columns than can be solved at once are fitted run by run.
    @Test func wideFiltersAreFitted() throws {
        let (network, cases) = try Self.layer(depth: 2400, side: 1)
        func error(corrects: Bool) throws -> Double {
            let result = try CompressedNetwork.applying(
                InboundPruning(density: 0.5, corrects: corrects), to: network, cases: cases)
            return try Self.error(of: result.network, from: network, on: cases)
        }
        #expect(try error(corrects: true) < 0.1 * error(corrects: false))
    }

    /// A later layer makes up for what an earlier one lost; layers that lose nothing stay as they are.
    @Test func laterLayersMakeUp() throws {
        var builder = NetworkBuilder(input: [1, 6, 6, 6], seed: 8)
        let first = try builder.convolution(builder.input, outputs: 8, name: "first")
        let second = try builder.convolution(first, outputs: 6, activation: .none, name: "second")
        let network = builder.finished(second)
        let cases = (0..<24).map { _ in builder.sample() }
        func error(_ corrects: Bool, _ layers: LayerSelection) throws -> Double {
            let step = InboundPruning(layers: layers, density: 0.5, corrects: corrects)
            return try Self.error(
                of: CompressedNetwork.applying(step, to: network, cases: cases).network, from: network, on: cases)
        }
        for layers in [.all, ["second"]] as [LayerSelection] {
            #expect(try error(true, layers) < 0.9 * error(false, layers))
        }
        let whole = try CompressedNetwork.applying(InboundPruning(density: 1), to: network, cases: cases)
        #expect(try whole.network.output(cases[0]) == network.output(cases[0]))
    }
}
