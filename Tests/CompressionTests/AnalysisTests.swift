import Compression
import Diagnostics
import Networks
import Tensors
import Testing

@Suite struct AnalysisTests {
    @Test func histogramCountsLevelsAndTheirEntropy() {
        let histogram = WeightHistogram([-1, -0.5, 0, 0, 0.5, 1, 0.25, 0.25], levels: 4)
        #expect(histogram.counts == [1, 1, 4, 2] && histogram.largest == 1 && histogram.fixedBits == 2)
        // Shares 1/8, 1/8, 1/2, 1/4 give 3/8 + 3/8 + 1/2 + 1/2 bits.
        #expect(abs(histogram.entropyBits - 1.75) < 1e-12)
        #expect(WeightHistogram([0, 0, 0]).entropyBits == 0)
    }

    @Test func redundancyTellsRankAndDoubledFilters() throws {
        let rows: [[Double]] = [[1, 0, 0, 0], [0, 2, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0.1]]
        let redundancy = try LayerRedundancy(Matrix(rows: 5, columns: 4, elements: rows.flatMap { $0 }))
        #expect(redundancy.fullRank == 4 && redundancy.duplicates == 2)
        // Squared singular values 4, 3, 0.01 and 0.
        #expect(redundancy.rank(keeping: 0.5) == 1 && redundancy.rank(keeping: 0.9) == 2)
        #expect(redundancy.rank(keeping: 1) >= 3)
    }

    /// A hand-made network of three layers: x, 2x, max(2x - 3, 0), -(that).
    @Test func rangesAreThoseOfPencilAndPaper() throws {
        var network = Network(name: "hand-made")
        let input = network.append(Value(name: "x", shape: [1, 2], elementType: .float32))
        func layer(_ name: String, _ weights: [Float], _ bias: [Float], _ activation: Activation, _ source: ValueID)
            -> ValueID
        {
            let filters = network.append(Value(name: "\(name):w", constant: Tensor([2, 2], weights)))
            let offsets = network.append(Value(name: "\(name):b", constant: Tensor([2], bias)))
            let result = network.append(Value(name: name, shape: [1, 2], elementType: .float32))
            network.nodes.append(
                Node(
                    name: name, operation: FullyConnected(activation: activation), inputs: [source, filters, offsets],
                    outputs: [result]))
            return result
        }
        let doubled = layer("double", [2, 0, 0, 2], [0, 0], .none, input)
        let shifted = layer("shift", [1, 0, 0, 1], [-3, -3], .relu, doubled)
        network.inputs = [input]
        network.outputs = [layer("negate", [-1, 0, 0, -1], [0, 0], .none, shifted)]
        let ranges = try CaseObserver(cases: [[1, -1], [4, 3]]).ranges(of: network)
        #expect(ranges["x"]?.meanRange == 1.5 && ranges["x"]?.integerBits == 3)
        #expect(ranges["double"]?.minimum == -2 && ranges["double"]?.maximum == 8)
        #expect(ranges["double"]?.meanRange == 3 && ranges["double"]?.integerBits == 4)
        #expect(ranges["shift"]?.maximum == 5 && ranges["shift"]?.integerBits == 4)
        #expect(ranges["negate"]?.minimum == -5 && ranges["negate"]?.meanRange == 1)
    }

    /// Weights that are no numbers are named, not counted.
    @Test(arguments: [Float.nan, .infinity]) func weightsThatAreNotFiniteAreNamed(stray: Float) throws {
        var (network, _) = try NetworkBuilder.random(seed: 1)
        let node = try #require(network.nodes.last { $0.weights != nil })
        let id = try #require(node.weights)
        var reals = try #require(network[id].constant?.floats)
        reals[3] = stray
        network[id].constant = Tensor(network[id].shape, reals)
        let error = #expect(throws: Diagnostic.self) { try CompressedNetwork(network).analyzedLayers() }
        #expect(error?.message == "layer '\(node.name)': element 3 of its weights is \(Double(stray))")
    }
}
