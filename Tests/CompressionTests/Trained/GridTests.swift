import Compression
import Networks
import Testing

/// Rounding to few bits on trained networks: the naive way, then each improvement.
@Suite struct GridTests {
    private struct Answers {
        var float: Int
        var nearest: Int
        var corrected: Int
        var reconstructed: Int
    }

    private func answers(_ model: TrainedModel, bits: Int, limit: Int = .max) throws -> Answers {
        let nearest = try model.applying([FixedPointQuantization(weightBits: bits, activationBits: 8)])
        let corrected = try BiasCorrection().apply(to: nearest, observing: model.observer)
        let reconstructed = try model.applying([
            FixedPointQuantization(weightBits: 16, activationBits: 8), ReconstructedRounding(weightBits: bits),
        ])
        return Answers(
            float: try model.correct(CompressedNetwork(model.network), limit: limit),
            nearest: try model.correct(nearest, limit: limit), corrected: try model.correct(corrected, limit: limit),
            reconstructed: try model.correct(reconstructed, limit: limit))
    }

    /// Of 436 images, 8 bits lose at most 2 and 4 reconstructed bits at most 4; 2 and 3 bits keep the order.
    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"), arguments: [8, 20])
    func reconstructionKeepsAnswers(depth: Int) throws {
        let model = try depth == 8 ? TrainedModel.resnet8(calibration: 256) : TrainedModel.resnet(depth)
        let eight = try answers(model, bits: 8)
        #expect(min(eight.nearest, eight.corrected, eight.reconstructed) >= eight.float - 2)
        let four = try answers(model, bits: 4)
        #expect(four.reconstructed >= four.float - 4)
        for bits in [4, 3] {
            let found = try answers(model, bits: bits)
            #expect(found.reconstructed > found.corrected && found.corrected > found.nearest, "\(bits): \(found)")
        }
    }

    @Test func eachImprovementPaysOnTheFashionNetwork() throws {
        let model = try TrainedModel.fashion()
        let three = try answers(model, bits: 3, limit: 1000)
        #expect(three.reconstructed > three.corrected && three.corrected > three.nearest, "\(three)")
        #expect(three.reconstructed >= three.float - 10)
        let coarse = FixedPointQuantization(weightBits: 4, activationBits: 8, weightScales: .tensor)
        let plain = try model.correct(try model.applying([coarse]), limit: 1000)
        let equalized = try model.correct(try model.applying([CrossLayerEqualization(), coarse]), limit: 1000)
        #expect(equalized > plain)
        let five = FixedPointQuantization(weightBits: 5, activationBits: 8, weightClipping: .mse)
        let uniform = try model.correct(try model.applying([five]), limit: 1000)
        let allocated = try model.correct(
            try model.applying([SQNRAllocation(meanBits: 5, activationBits: 8)]), limit: 1000)
        #expect(allocated > uniform)
        for steps: [any CompressionStep] in [
            [StochasticFixedPoint(), FixedPointQuantization(activationBits: 8)], [DynamicTreeWeights()],
        ] {
            #expect(try model.correct(try model.applying(steps), limit: 1000) >= three.float - 5)
        }
    }
}
