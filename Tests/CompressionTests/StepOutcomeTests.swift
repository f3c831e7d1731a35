import Compression
import Diagnostics
import Networks
import Quantities
import Tensors
import Testing
import Workloads

/// What every step says of itself when it is applied, whatever it does.
@Suite struct StepOutcomeTests {
    private func dense() throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 40], seed: 5)
        let output = try builder.fullyConnected(builder.input, outputs: 12, name: "dense")
        let cases = (0..<4).map { _ in builder.sample() }
        return (builder.finished(output), cases)
    }

    private func remarks(
        _ step: any CompressionStep, of network: Network, _ cases: [[Float]]
    ) throws -> [String] {
        let result = try CompressedNetwork(network).applying(step, observing: CaseObserver(cases: cases))
        return result.history.last?.remarks ?? []
    }

    /// 16 tables of 12 vectors of 40 weights and 16 places of 4 bits for each of 12 rows, for 480 weights.
    @Test func weightsThatGrowAreTold() throws {
        let (network, cases) = try dense()
        let grown = try remarks(ResidualQuantization(centers: 12, stages: 16), of: network, cases)
        #expect(grown == ["weights grow from 1920 to 30816 bytes"])
        #expect(try remarks(ResidualQuantization(centers: 2, stages: 1), of: network, cases).isEmpty)
        let integer = try CompressedNetwork(network).applying(
            FixedPointQuantization(weightBits: 8), observing: CaseObserver(cases: cases))
        let wide = try remarks(StochasticFixedPoint(weightBits: 16), of: integer.network, cases)
        #expect(wide.contains("weights grow from 480 to 960 bytes"))
        let narrow = try remarks(StochasticFixedPoint(weightBits: 8), of: integer.network, cases)
        #expect(!narrow.contains { $0.hasPrefix("weights grow") })
    }

    /// A full rank costs more products than the layer.
    @Test func multiplicationsThatGrowAreTold() throws {
        let (network, cases) = try dense()
        let step = ResponseDecomposition(layers: .all, rank: 12)
        #expect(try remarks(step, of: network, cases).contains("multiplications grow from 480 to 624"))
    }

    /// A step that finds nothing to do says so; one that did something does not.
    @Test func stepsThatChangeNothingSaySo() throws {
        let (network, cases) = try dense()
        #expect(try remarks(MagnitudePruning(density: 1), of: network, cases) == ["nothing changes"])
        #expect(try !remarks(MagnitudePruning(density: 0.5), of: network, cases).contains("nothing changes"))
        #expect(try remarks(StorageCoding(coding: .dense, symbols: .plain), of: network, cases) == ["nothing changes"])
    }

    /// 480 weights in 32 bits each, half of them zeros: 480 bits of a bitmap and 240 weights are 60 and 960 bytes.
    @Test func zerosThatCouldBeSparedAreTold() throws {
        let (network, cases) = try dense()
        let (observer, prune) = (CaseObserver(cases: cases), MagnitudePruning(density: 0.5))
        let told = "zeros are stored among 1920 bytes of weights; behind a bitmap (storage-coding) these take 1020"
        let sparse = try CompressedNetwork(network).applying(prune, observing: observer)
        #expect(sparse.savings == [told])
        let steps: [any CompressionStep] = [FixedPointQuantization(weightBits: 8), StorageCoding(coding: .bitmap)]
        let stored = try sparse.applying(steps, observing: observer)
        #expect(stored.savings.isEmpty)
        // Of 480 weights 12 zeros save 384 bits, less than the bitmap takes.
        let few = try CompressedNetwork(network).applying(MagnitudePruning(density: 0.975), observing: observer)
        #expect(few.savings.isEmpty)
    }

    /// Scales beyond 2^31 are of no device and no file.
    @Test func networksThatCannotBeExecutedAreRefused() throws {
        let (network, cases) = try dense()
        let huge = cases.map { $0.map { $0 * 1e13 } }
        let error = #expect(throws: Diagnostics.self) {
            try CompressedNetwork(network).applying(FixedPointQuantization(), observing: CaseObserver(cases: huge))
        }
        let message = try #require(error?.findings.first?.message)
        #expect(message.hasPrefix("fixed-point-quantization makes of '"), "\(message)")
    }

    /// A refusal names its layer, or at least the step for its place.
    @Test func refusalsHaveAPlace() throws {
        let (network, cases) = try dense()
        func finding(_ step: any CompressionStep) throws -> Diagnostic {
            let error = #expect(throws: Diagnostics.self) { try remarks(step, of: network, cases) }
            return try #require(error?.findings.first)
        }
        let both = try finding(ResponseDecomposition(layers: .all, rank: 2, budget: 0.5))
        #expect(both.message == "layer 'dense': give either a budget or a rank or fraction")
        let budget = try finding(ResponseDecomposition(layers: .all, budget: 0.0001))
        #expect(budget.location == SourceLocation(file: "recipe", position: .part("response-decomposition")))
    }

    /// Rounded weights of a float network are smaller only as integers, and on their grid they stay.
    @Test func gridsOfRealsAreTold() throws {
        let (network, cases) = try dense()
        let observer = CaseObserver(cases: cases)
        let told = "480 weights lie on grids and take 32 bits each until fixed-point-quantization makes them integers"
        let real = try CompressedNetwork(network).applying(StochasticFixedPoint(weightBits: 6), observing: observer)
        #expect(real.savings == [told])
        let integer = try real.applying(FixedPointQuantization(weightBits: 8), observing: observer)
        #expect(integer.savings.isEmpty)
        #expect(integer.lowered().layers[0].weights?.encodedSize.count == 480 * 6)
    }
}
