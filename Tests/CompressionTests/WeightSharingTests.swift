import Compression
import Diagnostics
import Execution
import FixedPoint
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct WeightSharingTests {
    private let observer = CaseObserver(cases: [])

    private func layer(seed: UInt64 = 1) throws -> CompressedNetwork {
        var builder = NetworkBuilder(input: [1, 1, 1, 20], seed: seed)
        let output = try builder.fullyConnected(builder.input, outputs: 15, name: "dense")
        return CompressedNetwork(builder.finished(output))
    }

    private func weights(_ compressed: CompressedNetwork) -> [Float] {
        compressed.network.nodes[0].weights.flatMap { compressed.network[$0].constant?.floats } ?? []
    }

    /// Rate `n b / (n log2 k + k b)` for k a power of two, but for the 32 bits that count the table.
    @Test(arguments: [2, 4, 16, 64]) func rateIsThatOfTheFormula(_ count: Int) throws {
        let given = try layer()
        let shared = try WeightSharing(values: count).apply(to: given, observing: observer)
        let size = try #require(shared.lowered().layers[0].weights?.encodedSize.count)
        let places = Int(log2(Double(count)))
        #expect(size - 32 == 300 * places + count * 32)
        #expect(Set(weights(shared)).count == count)
        #expect(shared.lowered().layers[0].weights?.storage == .composed)
    }

    @Test func asManyValuesAsAreDistinctLoseNothing() throws {
        var given = try layer()
        let id = try #require(given.network.nodes[0].weights)
        given.network[id].constant = Tensor([15, 20], weights(given).map { ($0 * 40).rounded() / 8 })
        let distinct = Set(weights(given)).count
        for start in ScalarClusters.Start.allCases {
            let shared = try WeightSharing(values: distinct, start: start).apply(to: given, observing: observer)
            #expect(weights(shared) == weights(given))
        }
        let fewer = try WeightSharing(values: distinct - 1).apply(to: given, observing: observer)
        #expect(Set(weights(fewer)).count < distinct)
    }

    @Test func prunedWeightsStayPruned() throws {
        let pruned = try layer().applying(MagnitudePruning(density: 0.3), observing: observer)
        let shared = try WeightSharing(bits: 3).apply(to: pruned, observing: observer)
        #expect(zip(weights(pruned), weights(shared)).allSatisfy { ($0 == 0) == ($1 == 0) })
        #expect(Set(weights(shared)).count <= 8)
    }

    /// From a linear start the largest weights keep a value nearby; from the others they do not.
    @Test func linearStartKeepsTheLargest() {
        var generator = SplitMix(seed: 5)
        let numbers = (0..<4000).map { _ in
            let sum = (0..<6).reduce(0.0) { sum, _ in sum + Double(generator.signed()) }
            return (value: sum * sum * sum, weight: 1.0)
        }
        let extremes = [numbers.map(\.value).min() ?? 0, numbers.map(\.value).max() ?? 0]
        let errors = ScalarClusters.Start.allCases.map { start in
            let clusters = ScalarClusters(numbers, count: 16, start: start, rounds: 30)
            return extremes.reduce(0) { $0 + abs($1 - clusters.nearest(to: $1)) }
        }
        #expect(errors[0] < errors[1] && errors[0] < errors[2], "\(errors)")
    }

    /// The squared error is less than that of the even grid from which the centers start.
    @Test func clustersBeatAnEvenGrid() throws {
        let given = try layer(seed: 8)
        let reals = weights(given).map(Double.init)
        let (low, high) = (reals.min() ?? 0, reals.max() ?? 0)
        let step = (high - low) / 15
        let even = reals.reduce(0) { sum, real in
            let error = real - low - step * ((real - low) / step).rounded()
            return sum + error * error
        }
        let shared = weights(try WeightSharing(bits: 4).apply(to: given, observing: observer))
        let clustered = zip(reals, shared).reduce(0) { $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1)) }
        #expect(clustered < even)
    }

    @Test func integersShareIntegers() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 3)
        let calibration = CaseObserver(cases: cases)
        var integer = try FixedPointQuantization(weightBits: 8, activationBits: 8).apply(
            to: CompressedNetwork(network), observing: calibration)
        integer.history = []
        let shared = try WeightSharing(layers: ["logits"], values: 5).apply(to: integer, observing: calibration)
        let id = try #require(shared.network.nodes.first { $0.name == "logits" }?.weights)
        #expect(Set(shared.network[id].constant?.integers ?? []).count <= 5)
        #expect(shared.faults(file: "f").isEmpty)
    }

    @Test func badTablesAreRefused() throws {
        let given = try layer()
        let error = #expect(throws: Diagnostics.self) {
            try WeightSharing(layers: ["dense"], values: 301).apply(to: given, observing: observer)
        }
        #expect(try #require(error).rendered().contains("301"))
        #expect(throws: Diagnostics.self) { try WeightSharing(values: 0).apply(to: given, observing: observer) }
        let pruned = try given.applying(MagnitudePruning(density: 0.5), observing: observer)
        #expect(throws: Diagnostics.self) { try WeightSharing(values: 1).apply(to: pruned, observing: observer) }
    }
}
