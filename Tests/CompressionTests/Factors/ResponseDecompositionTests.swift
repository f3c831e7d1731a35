import Compression
import Networks
import Tensors
import Testing
import Workloads

@Suite struct ResponseDecompositionTests {
    /// Two convolutions with clamps and a classifier.
    private static func sample() throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 6, 6, 4], seed: 31)
        let first = try builder.convolution(builder.input, outputs: 10, name: "a")
        let second = try builder.convolution(first, outputs: 12, name: "b")
        let third = try builder.convolution(second, outputs: 12, name: "c")
        let flat = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [third])
        builder.network.outputs = [try builder.fullyConnected(flat, outputs: 6, name: "fc")]
        let cases = (0..<24).map { _ in builder.sample() }
        return (builder.network, cases)
    }

    private static func damage(_ step: ResponseDecomposition, layer: String = "c") throws -> Double {
        let (network, cases) = try sample()
        let result = try FactorFitTests.apply(step, to: network, cases).network
        func output(of network: Network) throws -> Network {
            let node = try #require(network.nodes.first { $0.name == layer })
            return network.computing([node.outputs[0]])
        }
        return try FactorFitTests.damage(output(of: result), output(of: network), cases)
    }

    @Test func fullRankChangesNothing() throws {
        let (network, cases) = try Self.sample()
        for layer in ["a", "b", "c", "fc"] {
            let full = try #require(ResponseDecomposition.fullRank(of: layer, in: network))
            let result = try FactorFitTests.apply(
                ResponseDecomposition(layers: [layer], rank: full), to: network, cases)
            #expect(try FactorFitTests.damage(result.network, network, cases) < 1e-8)
            #expect(result.network.nodes.count == network.nodes.count + 1)
        }
    }

    /// The fit of clamped responses is never worse than that of the responses before the clamp, which beats the weights'.
    @Test func clampedFitIsNearer() throws {
        let linear = try Self.damage(ResponseDecomposition(layers: ["a"], rank: 3, rounds: 0), layer: "a")
        let clamped = try Self.damage(ResponseDecomposition(layers: ["a"], rank: 3), layer: "a")
        #expect(clamped < 0.98 * linear)
        let (network, cases) = try Self.sample()
        let weights = try FactorFitTests.apply(
            TuckerDecomposition(layers: ["a"], inputRank: 4, outputRank: 3), to: network, cases
        ).network
        let node = try #require(weights.nodes.first { $0.name == "a" })
        let given = try #require(network.nodes.first { $0.name == "a" })
        let plain = try FactorFitTests.damage(
            weights.computing([node.outputs[0]]), network.computing([given.outputs[0]]), cases)
        #expect(linear < plain)
    }

    /// A layer fitted to what the layers before it now give makes up for a part of their error.
    @Test func asymmetricFitIsNearer() throws {
        func damage(_ asymmetric: Bool) throws -> Double {
            try Self.damage(
                ResponseDecomposition(layers: ["a", "b", "c"], rank: 4, asymmetric: asymmetric, rounds: 0))
        }
        #expect(try damage(true) < 0.97 * damage(false))
    }

    @Test(arguments: ResponseDecomposition.Selection.allCases)
    func budgetIsKept(selection: ResponseDecomposition.Selection) throws {
        let (network, cases) = try Self.sample()
        let step = ResponseDecomposition(layers: ["a", "b", "c"], budget: 0.4, selection: selection, rounds: 0)
        let result = try FactorFitTests.apply(step, to: network, cases)
        let whole = CompressedNetwork(network).lowered().macs
        let macs = result.lowered().macs
        let classifier = 6 * 12
        #expect(macs - classifier <= Int(0.4 * Double(whole - classifier)))
        #expect(result.history[0].remarks.count == 4)
        #expect(result.history[0].remarks[0].hasPrefix("\(macs - classifier) of \(whole - classifier) multiplications"))
        let roomy = try FactorFitTests.apply(
            ResponseDecomposition(layers: ["a", "b", "c"], budget: 1, selection: selection), to: network, cases)
        #expect(roomy.network.nodes.count == network.nodes.count)
    }

    private static func problem(layers: Int, ranks: Int, part: Double, seed: UInt64) -> RankAllocation {
        var generator = SplitMix(seed: seed)
        var whole = 0
        let choices = (0..<layers).map { _ in
            let price = Int(generator.next() % 900) + 100
            whole += price * ranks
            let decay = 0.5 + Double(generator.next() % 45) / 100
            var energies: [Double] = []
            for _ in 0..<ranks { energies.append((energies.last ?? 1) * (decay + Double(generator.next() % 8) / 100)) }
            let total = energies.reduce(0, +)
            return (1...ranks).map { rank in
                RankAllocation.Choice(
                    rank: rank, cost: rank * price, kept: min(energies[..<rank].reduce(0, +) / total, 1))
            }
        }
        return RankAllocation(choices, budget: Int(part * Double(whole)))
    }

    /// The exact choice is that of trying all; the greedy one is never better, and both keep the budget.
    @Test func exactChoiceIsTheBestOfAll() throws {
        var gaps = 0
        for seed in 0..<30 {
            let problem = Self.problem(layers: 4, ranks: 6, part: 0.5, seed: UInt64(seed))
            let (exact, greedy) = (try #require(problem.exact()), try #require(problem.greedy()))
            var best = Int.min
            for code in 0..<1296 {
                let places = [code % 6, code / 6 % 6, code / 36 % 6, code / 216]
                if problem.cost(of: places) <= problem.budget { best = max(best, problem.value(of: places)) }
            }
            #expect(problem.value(of: exact) == best)
            #expect(problem.value(of: greedy) <= best)
            #expect(problem.cost(of: exact) <= problem.budget && problem.cost(of: greedy) <= problem.budget)
            if problem.value(of: greedy) < best { gaps += 1 }
        }
        #expect(gaps > 0)
    }

    @Test func largeChoicesAreExactToo() throws {
        for part in [0.2, 0.5, 0.8] {
            let problem = Self.problem(layers: 50, ranks: 128, part: part, seed: 5)
            let (exact, greedy) = (try #require(problem.exact()), try #require(problem.greedy()))
            #expect(problem.value(of: exact) >= problem.value(of: greedy))
            #expect(problem.cost(of: exact) <= problem.budget)
        }
        #expect(Self.problem(layers: 3, ranks: 4, part: 0.01, seed: 1).exact() == nil)
    }
}
