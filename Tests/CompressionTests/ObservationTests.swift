import Compression
import Networks
import Tensors
import Testing

@Suite struct ObservationTests {
    /// Counts the cases that are seen.
    private final class Count {
        var cases = 0
    }

    /// An observer of whose cases each is counted when it runs.
    private struct CountingObserver: ActivationObserver, @unchecked Sendable {
        let observer: CaseObserver
        let count = Count()

        func statistics(of network: Network) throws -> ActivationStatistics {
            try observer.statistics(of: network)
        }

        func observe(_ values: [ValueID], of network: Network, _ body: ([Tensor]) throws -> Void) throws {
            try observer.observe(values, of: network) { tensors in
                count.cases += 1
                try body(tensors)
            }
        }
    }

    private func network() throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 6, 5, 3], seed: 12)
        let first = try builder.convolution(builder.input, outputs: 4, name: "first")
        let second = try builder.convolution(first, outputs: 4, name: "second")
        let sum = try builder.node(Addition(), [first, second])
        let pooled = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [sum])
        let logits = try builder.fullyConnected(pooled, outputs: 5, name: "logits")
        let cases = (0..<7).map { _ in builder.sample() }
        return (builder.finished(logits), cases)
    }

    /// Cases behind those of which slopes are taken do not run, and what is taken is that of these cases alone.
    @Test func enoughCasesEndTheRun() throws {
        let (network, cases) = try network()
        let observer = CountingObserver(observer: CaseObserver(cases: cases))
        let layers = ["first", "logits"]
        let some = try ScoreSensitivity(of: layers, in: network, cases: 3, observing: observer)
        #expect(observer.count.cases == 3)
        let prefix = CaseObserver(cases: Array(cases.prefix(3)))
        let own = try ScoreSensitivity(of: layers, in: network, observing: prefix)
        #expect(some.channels == own.channels && own.channels["first"]?.allSatisfy { $0 > 0 } == true)
        let whole = try ScoreSensitivity(of: layers, in: network, observing: observer)
        #expect(observer.count.cases == 10 && whole.channels != own.channels)
    }

    /// The scores are linear in the last layer's results, so that the slope of each is its sign.
    @Test func lastLayerCountsOnce() throws {
        let (network, cases) = try network()
        let last = try ScoreSensitivity(of: ["logits"], in: network, observing: CaseObserver(cases: cases))
        #expect(last.channels == ["logits": [1, 1, 1, 1, 1]])
    }

    /// A pair computes what both networks compute, from one case.
    @Test func pairsSeeTheSameCase() throws {
        let (network, cases) = try network()
        var other = network
        let weights = try #require(other.nodes[0].weights)
        other[weights].constant = other[weights].constant.map { Tensor($0.shape, $0.floats.map { $0 * 2 }) }
        let middle = network.nodes[1].outputs[0]
        let pair = network.computing([middle]).paired(with: other)
        #expect(pair.faults(file: "test").isEmpty && pair.inputs.count == 1)
        #expect(Set(pair.values.map(\.name)).count == pair.values.count)
        let (own, left, right) = (
            try pair.evaluate([cases[0]]), try network.evaluate([cases[0]]), try other.evaluate([cases[0]])
        )
        #expect(own[pair.outputs[0]] == left[middle] && own[pair.outputs[1]] == right[other.outputs[0]])
        #expect(left[middle] != right[middle])
        let images = network.computing(network.inputs).paired(with: other.computing(other.inputs))
        #expect(images.outputs == [images.inputs[0], images.inputs[0]])
    }
}
