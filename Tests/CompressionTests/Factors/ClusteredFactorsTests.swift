import Compression
import Diagnostics
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct ClusteredFactorsTests {
    private static func filters(of network: Network) -> [Double] { network[network.nodes[0].inputs[1]].reals }

    /// With a colour for each filter every filter is its nearest product of a colour and a kernel (Eckart and Young).
    @Test func aColourForEachFilterDropsTheSmallerSquares() throws {
        let (network, cases) = try FactorFitTests.sample()
        let elements = Self.filters(of: network)
        let dropped = try (0..<8).reduce(0.0) { sum, output in
            let slice = Matrix(rows: 9, columns: 4, elements: Array(elements[output * 36..<(output + 1) * 36]))
            return sum + (try SingularValueDecomposition(slice).values.dropFirst().reduce(0) { $0 + $1 * $1 })
        }
        let result = try FactorFitTests.apply(
            MonochromaticDecomposition(layers: ["conv"], colours: 8), to: network, cases)
        #expect(abs(try Self.error(of: result, network) - dropped) < 1e-4)
    }

    /// The squared error of the weights, from the response to single ones on rows of either parity.
    private static func error(of result: CompressedNetwork, _ network: Network) throws -> Double {
        var error = 0.0
        for channel in 0..<4 {
            for parity in 0..<2 {
                let reals = (0..<7 * 6 * 4).map { index -> Float in
                    let (row, column) = (index / 24, index / 4 % 6)
                    return index % 4 == channel && row == 3 - parity && column == 3 ? 1 : 0
                }
                let none = [Float](repeating: 0, count: reals.count)
                let (made, rest) = (try result.network.output(reals), try result.network.output(none))
                let (exact, still) = (try network.output(reals), try network.output(none))
                for index in made.indices {
                    let difference = Double((made[index] - rest[index]) - (exact[index] - still[index]))
                    error += difference * difference
                }
            }
        }
        return error
    }

    /// Filters of few planted colours are found without error, in any order.
    @Test func plantedColoursAreFound() throws {
        var (network, cases) = try FactorFitTests.sample(activation: .relu)
        var generator = SplitMix(seed: 6)
        let colours = generator.matrix(2, 4)
        let kernels = generator.matrix(8, 9)
        let choice = [0, 1, 1, 0, 1, 0, 0, 1]
        network[network.nodes[0].inputs[1]].constant = Tensor(
            [8, 3, 3, 4],
            (0..<288).map { Float(kernels[$0 / 36, $0 / 4 % 9] * colours[choice[$0 / 36], $0 % 4]) })
        for fit in FactorFit.allCases {
            let result = try FactorFitTests.apply(
                MonochromaticDecomposition(layers: ["conv"], colours: 2, fit: fit), to: network, cases)
            #expect(try FactorFitTests.damage(result.network, network, cases) < 1e-6)
            #expect(result.network.nodes.map(\.name) == ["conv.1", "conv.2", "conv"])
            let workload = result.lowered()
            #expect(workload.weightCount == 2 * 4 + 8 * 9)
            #expect(workload.macs == 2 * 4 * 42 + 8 * 9 * 24)
            let lists = workload.layers.filter { $0.operatorName == ChannelSelection.name }.map(\.weights)
            #expect(lists.map { $0?.encodedSize } == [Bits(8 * 3)])
        }
    }

    @Test func responsesAreNearer() throws {
        let (network, cases) = try FactorFitTests.sample()
        let steps: [(FactorFit) -> any CompressionStep] = [
            { MonochromaticDecomposition(layers: ["conv"], colours: 4, fit: $0) },
            { BiclusteredSVD(layers: ["conv"], rank: 1, fit: $0) },
        ]
        for step in steps {
            let errors = try [FactorFit.weights, .responses].map {
                try FactorFitTests.damage(
                    FactorFitTests.apply(step($0), to: network, cases).network, network, cases)
            }
            #expect(errors[1] < errors[0])
        }
    }

    @Test(arguments: [(1, 1), (2, 1), (1, 4), (2, 4)])
    func blocksAreExactAtFullRank(clusters: (Int, Int)) throws {
        let (network, cases) = try FactorFitTests.sample(activation: .relu)
        let step = BiclusteredSVD(
            layers: ["conv"], inputClusters: clusters.0, outputClusters: clusters.1, fraction: 1)
        let result = try FactorFitTests.apply(step, to: network, cases)
        #expect(try FactorFitTests.damage(result.network, network, cases) < 1e-9)
        let rank = 4 / clusters.0
        #expect(result.lowered().weightCount == 4 * clusters.1 * rank + 8 * 9 * clusters.0 * rank)
    }

    /// The error in weights is the sum of the squares dropped of all blocks; clusters of one output are known.
    @Test func blocksDropTheSmallerSquares() throws {
        let (network, cases) = try FactorFitTests.sample()
        let elements = Self.filters(of: network)
        let dropped = try (0..<8).reduce(0.0) { sum, output in
            let slice = Matrix(rows: 9, columns: 4, elements: Array(elements[output * 36..<(output + 1) * 36]))
            return sum + (try SingularValueDecomposition(slice).values.dropFirst(2).reduce(0) { $0 + $1 * $1 })
        }
        let step = BiclusteredSVD(layers: ["conv"], inputClusters: 1, outputClusters: 8, rank: 2)
        let result = try FactorFitTests.apply(step, to: network, cases)
        #expect(abs(try Self.error(of: result, network) - dropped) < 1e-4)
    }

    /// Channels in another order keep their way through pruning and integers.
    @Test func selectedChannelsArePrunedAndQuantized() throws {
        var builder = NetworkBuilder(input: [1, 6, 6, 4], seed: 41)
        let first = try builder.convolution(builder.input, outputs: 8, name: "a")
        let turned = try builder.node(ChannelSelection(channels: [3, 0, 7, 1, 6, 2, 5, 4]), [first], name: "turn")
        let second = try builder.convolution(turned, outputs: 6, name: "b")
        let flat = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [second])
        builder.network.outputs = [try builder.fullyConnected(flat, outputs: 5, name: "fc")]
        let cases = (0..<6).map { _ in builder.sample() }
        let network = builder.network
        let pruned = try FactorFitTests.apply(
            MagnitudePruning(layers: ["a"], granularity: .filter, density: 0.5), to: network, cases)
        #expect((pruned.network.nodes[1].operation as? ChannelSelection)?.channels.sorted() == [0, 1, 2, 3])
        #expect(try FactorFitTests.damage(pruned.network, network, cases) > 0)
        let integer = try FactorFitTests.apply(FixedPointQuantization(), to: network, cases)
        #expect(integer.lowered().layers.allSatisfy { !$0.isFloat })
        #expect(try FactorFitTests.damage(integer.network, network, cases) < 0.01)
    }

    /// Zeroed filters give what removed ones give, whatever the order of channels behind them.
    @Test func removalFollowsTheSelection() throws {
        var builder = NetworkBuilder(input: [1, 4, 4, 2], seed: 43)
        let first = try builder.convolution(builder.input, outputs: 4, name: "a")
        let turned = try builder.node(ChannelSelection(channels: [2, 0, 3, 1]), [first], name: "turn")
        builder.network.outputs = [try builder.convolution(turned, outputs: 3, name: "b")]
        let cases = (0..<3).map { _ in builder.sample() }
        var zeroed = builder.network
        let (weights, bias) = (zeroed.nodes[0].inputs[1], zeroed.nodes[0].inputs[2])
        zeroed[weights].constant = Tensor(
            zeroed[weights].shape, zeroed[weights].reals.enumerated().map { $0 / 18 == 2 ? 0 : Float($1) })
        zeroed[bias].constant = Tensor([4], zeroed[bias].reals.enumerated().map { $0 == 2 ? 0 : Float($1) })
        let pruned = try FactorFitTests.apply(
            MagnitudePruning(layers: ["a"], granularity: .filter, density: 0.75), to: zeroed, cases)
        #expect((pruned.network.nodes[1].operation as? ChannelSelection)?.channels == [0, 2, 1])
        #expect(try FactorFitTests.damage(pruned.network, zeroed, cases) < 1e-9)
    }

    @Test func unequalSharesAreRefused() throws {
        let (network, cases) = try FactorFitTests.sample()
        let steps: [any CompressionStep] = [
            MonochromaticDecomposition(layers: ["conv"], colours: 3),
            MonochromaticDecomposition(layers: ["conv"], colours: 0),
            MonochromaticDecomposition(layers: ["conv"], colours: 9), MonochromaticDecomposition(layers: ["conv"]),
            BiclusteredSVD(layers: ["conv"], inputClusters: 3, rank: 1), BiclusteredSVD(layers: ["conv"], rank: 3),
            BiclusteredSVD(layers: ["conv"], rank: 0), BiclusteredSVD(layers: ["conv"]),
        ]
        for step in steps {
            #expect(throws: Diagnostics.self) { try FactorFitTests.apply(step, to: network, cases) }
        }
    }
}
