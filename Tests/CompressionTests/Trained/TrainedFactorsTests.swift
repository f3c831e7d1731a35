import Compression
import Networks
import Tensors
import Testing
import Workloads

/// Decompositions on trained networks: fits to responses keep more right answers than fits to weights at equal ranks.
@Suite struct TrainedFactorsTests {
    @Test func pointwiseLayersKeepMoreWithResponses() throws {
        let model = try TrainedModel.fashion()
        let counts = try FactorFit.allCases.map { fit in
            let step = FullyConnectedSVD(layers: .all, fraction: 0.4, fit: fit)
            return try model.correct(model.applying([step]), limit: 1000)
        }
        #expect(counts[1] > counts[0] + 20)
    }

    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"), arguments: 0..<6)
    func lastStageKeepsMoreWithResponses(place: Int) throws {
        let model = try TrainedModel.resnet(20, calibration: 32)
        let network = model.network
        let stage = network.nodes.filter { node in
            node.operation is Convolution2D && node.weights.map { network[$0].shape[0] == 64 } ?? false
                && TuckerDecomposition.fullRank(of: node.name, in: network) != nil
        }
        let layers = LayerSelection(stage.suffix(3).map(\.name))
        let steps: [(FactorFit) -> any CompressionStep] = [
            { SpatialDecomposition(layers: layers, fraction: 0.1, fit: $0, rounds: 1) },
            { SpatialDecomposition(layers: layers, rank: 1, scheme: .channelBasis, fit: $0, rounds: 1) },
            { TuckerDecomposition(layers: layers, fraction: 0.2, fit: $0) },
            { BlockTermDecomposition(layers: layers, blocks: 2, fraction: 0.3, fit: $0) },
            { BiclusteredSVD(layers: layers, fraction: 0.25, fit: $0) },
            { CanonicalDecomposition(layers: layers, rank: 24, iterations: 30, fit: $0) },
        ]
        let counts = try FactorFit.allCases.map { fit in
            try model.correct(model.applying([steps[place](fit)]))
        }
        #expect(counts[1] > counts[0])
    }

    /// A first layer of few colours, its filters weighed by what the images are.
    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func firstLayerKeepsMoreWithResponses() throws {
        let model = try TrainedModel.resnet(20, calibration: 256)
        let first = try #require(model.network.nodes.first { $0.weights != nil })
        let counts = try FactorFit.allCases.map { fit in
            let step = MonochromaticDecomposition(layers: [first.name], colours: 4, fit: fit)
            return try model.correct(model.applying([step]))
        }
        #expect(counts[1] > counts[0])
    }

    /// Fitted to what the layers before give, layers under a budget keep more than fitted one by one.
    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func asymmetricFitKeepsMore() throws {
        let model = try TrainedModel.resnet(20, calibration: 32)
        let given = CompressedNetwork(model.network).lowered().macs
        let counts = try [false, true].map { asymmetric in
            let step = ResponseDecomposition(layers: .all, budget: 0.6, asymmetric: asymmetric, rounds: 0)
            let result = try model.applying([step])
            #expect(Double(result.lowered().macs) < 0.61 * Double(given))
            return try model.correct(result)
        }
        #expect(counts[1] > counts[0])
    }
}
