import Compression
import Diagnostics
import FixedPoint
import Networks
import Tensors
import Testing

/// Values that filters share, fitted to their responses.
@Suite struct ResponseValuesTests {
    /// Inputs of 12 columns that are mixtures of fewer, and filters of 6 outputs, a third of their weights zero.
    private func group(seed: UInt64) -> (group: ResponseValues.Group, numbers: [(value: Double, weight: Double)]) {
        var generator = SplitMix(seed: seed)
        let mixture = Matrix(rows: 5, columns: 12) { _, _ in Double(generator.signed()) }
        let inputs = Matrix(rows: 200, columns: 5) { _, _ in Double(generator.signed()) }.times(mixture)
        let filters = Matrix(rows: 6, columns: 12) { row, column in
            (row + column) % 3 == 0 ? 0 : Double(generator.signed())
        }
        var moments = LayerMoments(columns: 12, targets: 6)
        moments.add(inputs, targets: inputs.times(filters.transposed))
        let numbers = filters.elements.filter { $0 != 0 }.map { (value: $0, weight: 1.0) }
        return (ResponseValues.Group(moments: ResponseMoments(moments), filters: filters), numbers)
    }

    private func error(_ values: ResponseValues) -> Double {
        values.groups.reduce(0) { $0 + $1.moments.relativeError(of: $1.filters.transposed) }
    }

    @Test(arguments: 0..<8 as Range<UInt64>) func noTurnMakesTheErrorLarger(_ seed: UInt64) throws {
        let (group, numbers) = group(seed: seed)
        let start = ScalarClusters(numbers, count: 4)
        let nearest = Matrix(rows: 6, columns: 12) { row, column in
            let weight = group.filters[row, column]
            return weight == 0 ? 0 : start.nearest(to: weight)
        }
        var last = group.moments.relativeError(of: nearest.transposed)
        for rounds in 0..<5 {
            let found = try ResponseValues([group], start: start, rounds: rounds)
            let error = error(found)
            #expect(error <= last + 1e-12, "\(error) after \(last) in round \(rounds)")
            last = error
            let filters = found.groups[0].filters
            #expect(zip(filters.elements, group.filters.elements).allSatisfy { ($0 == 0) == ($1 == 0) })
            #expect(Set(filters.elements).count <= 5)
        }
        #expect(last < group.moments.relativeError(of: nearest.transposed) * 0.75)
    }

    @Test func asManyValuesAsAreDistinctLoseNothing() throws {
        let (group, numbers) = group(seed: 3)
        let start = ScalarClusters(numbers, count: numbers.count)
        let drawn = group.moments.drawn(towards: group.filters.transposed, damping: 0.01)
        let found = try ResponseValues([.init(moments: drawn, filters: group.filters)], start: start, rounds: 3)
        let largest = zip(found.groups[0].filters.elements, group.filters.elements).map { abs($0 - $1) }.max()
        #expect(try #require(largest) < 1e-6)
    }

    /// Grouped, depthwise, fully connected and plain layers; zeros and the size of the table stay.
    @Test func allKindsOfLayersAreShared() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 3)
        let observer = CaseObserver(cases: cases)
        let pruned = try CompressedNetwork(network).applying(MagnitudePruning(density: 0.6), observing: observer)
        let shared = try pruned.applying(WeightSharing(values: 4, fit: .responses), observing: observer)
        #expect(!shared.history.isEmpty)
        for node in shared.network.nodes {
            guard let id = node.weights, let before = pruned.network.nodes.first(where: { $0.name == node.name }),
                let given = before.weights.flatMap({ pruned.network[$0].constant?.floats }),
                let floats = shared.network[id].constant?.floats
            else { continue }
            #expect(Set(floats).count <= 4, "\(node.name)")
            #expect(zip(floats, given).allSatisfy { $1 != 0 || $0 == 0 }, "\(node.name)")
        }
        #expect(shared.faults(file: "f").isEmpty)
    }

    @Test func whatCannotBeFittedIsRefused() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 3)
        let given = CompressedNetwork(network)
        let without = #expect(throws: Diagnostics.self) {
            try given.applying(WeightSharing(values: 4, fit: .responses), observing: CaseObserver(cases: []))
        }
        #expect(try #require(without).rendered().contains("no calibration cases"))
        let observer = CaseObserver(cases: cases)
        var integer = try given.applying(FixedPointQuantization(), observing: observer)
        integer.history = []
        let grid = #expect(throws: Diagnostics.self) {
            try integer.applying(
                WeightSharing(layers: ["logits"], values: 4, fit: .responses), observing: observer)
        }
        #expect(try #require(grid).rendered().contains("quantize after"))
        var builder = NetworkBuilder(input: [1, 1, 1, 40], seed: 1)
        let output = try builder.fullyConnected(builder.input, outputs: 15, name: "dense")
        let wide = #expect(throws: Diagnostics.self) {
            try CompressedNetwork(builder.finished(output)).applying(
                WeightSharing(layers: ["dense"], values: 257, fit: .responses), observing: observer)
        }
        #expect(try #require(wide).rendered().contains("256"))
    }

    /// Filters too wide for the matrices of their inputs share the values that suit their weights, and the step says so.
    @Test func wideFiltersAreFittedToWeights() throws {
        var builder = NetworkBuilder(input: [1, 5121], seed: 2)
        let output = try builder.fullyConnected(builder.input, outputs: 2, name: "wide")
        let observer = CaseObserver(cases: [builder.sample()])
        let given = CompressedNetwork(builder.finished(output))
        let fitted = try given.applying(WeightSharing(bits: 2, fit: .responses), observing: observer)
        let plain = try given.applying(WeightSharing(bits: 2), observing: observer)
        let id = try #require(fitted.network.nodes[0].weights)
        #expect(fitted.network[id].constant == plain.network[id].constant)
        #expect(fitted.history[0].remarks.contains { $0.contains("fitted to weights") })
    }
}
