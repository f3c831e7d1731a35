import Compression
import Networks
import Testing

/// Rewrites, perforation, packing and projection on trained networks: the fitted form keeps more than the naive one.
@Suite struct TrainedStructuresTests {
    /// Right answers of the clothes network on its first 200 cases with a step on all its layers.
    private static func correct(_ step: any CompressionStep, on model: TrainedModel) throws -> Int {
        try model.correct(try model.applying([step]), limit: 200)
    }

    @Test func responsesFittedBeatWeightsFitted() throws {
        let model = try TrainedModel.fashion(calibration: 48)
        let all: LayerSelection = ["*"]
        let pairs: [(any CompressionStep, any CompressionStep)] = [
            (
                DepthwiseSeparableRewrite(layers: all, multiplier: 3),
                DepthwiseSeparableRewrite(layers: all, multiplier: 3, fit: .weights)
            ),
            (
                GroupedRewrite(layers: all, mix: .pointwise),
                GroupedRewrite(layers: all, mix: .pointwise, fit: .weights)
            ),
            (
                FireRewrite(layers: all, squeezeRatio: 0.5),
                FireRewrite(layers: all, squeezeRatio: 0.5, fit: .weights)
            ),
            (CirculantProjection(layers: all, keep: 0.75), CirculantProjection(layers: all, keep: 0.25)),
        ]
        for (better, worse) in pairs {
            let (high, low) = (try Self.correct(better, on: model), try Self.correct(worse, on: model))
            #expect(high > low, "\(better)")
        }
    }

    /// Half the products of the grouped form and a quarter of the coefficients cost few answers.
    @Test func gentleStrengthsKeepTheAnswers() throws {
        let model = try TrainedModel.fashion(calibration: 48)
        let plain = try model.correct(CompressedNetwork(model.network), limit: 200)
        let steps: [any CompressionStep] = [
            DepthwiseSeparableRewrite(layers: ["*"], multiplier: 4), GroupedRewrite(layers: ["*"], mix: .pointwise),
            FrequencyPacking(layers: ["*"], density: 0.5, bits: 6),
        ]
        for step in steps {
            #expect(try Self.correct(step, on: model) >= plain - 10, "\(step)")
        }
    }

    /// At equal rates places of large impact keep more answers than places drawn at random.
    @Test func impactBeatsChance() throws {
        let model = try TrainedModel.fashion(calibration: 48)
        let counts = try [PerforationMask.impact, .uniform].map {
            try Self.correct(Perforation(layers: ["*"], rate: 0.75, mask: $0), on: model)
        }
        #expect(counts[0] > counts[1])
    }

    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func aDeepNetworkIsRewrittenInTurn() throws {
        let model = try TrainedModel.resnet(20, calibration: 32)
        let layers: LayerSelection = ["*"]
        let step = DepthwiseSeparableRewrite(layers: layers, multiplier: 3, iterations: 2)
        #expect(try model.correct(try model.applying([step])) > 330)
    }
}
