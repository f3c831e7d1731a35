import Compression
import Networks
import Testing

/// What ternary, sketched and binary layers leave of trained networks without training, with the naive variant beside it.
@Suite struct BinaryTrainedTests {
    /// Right answers, and that the step takes no more than 20 seconds.
    private func correct(_ model: TrainedModel, _ step: any CompressionStep) throws -> Int {
        let clock = ContinuousClock()
        let start = clock.now
        let made = try model.applying([step])
        #expect(clock.now - start < .seconds(20))
        return try model.correct(made, limit: 500)
    }

    /// 458 of 500 in float: 448 with two bits and two levels, 460 with four sign vectors.
    @Test func clothesAreRecognizedWithFewBits() throws {
        let model = try TrainedModel.fashion()
        let thresholds = try TernaryFit.Threshold.allCases.map { try correct(model, TernaryWeights(threshold: $0)) }
        #expect(thresholds[0] > thresholds[1] && thresholds[0] > thresholds[2])
        let ternary = try correct(model, TernaryWeights(fit: .responses))
        #expect(ternary > thresholds[0] && ternary > 430)
        let sketches = try NetworkSketching.Fit.allCases.map { try correct(model, NetworkSketching(terms: 2, fit: $0)) }
        #expect(sketches[2] > sketches[1] && sketches[1] > sketches[0] && sketches[2] > 430)
        #expect(try correct(model, NetworkSketching(terms: 4, fit: .responses)) > 445)
    }

    /// Without training binary inputs cost much; offsets and a fit to responses keep what the papers' scales alone lose.
    @Test func clothesOnSignsAreMoreThanGuessed() throws {
        let model = try TrainedModel.fashion()
        let paper = try correct(model, BinaryActivations(inputScale: .map, offset: .zero, fit: .weights))
        let fitted = try correct(model, BinaryActivations())
        #expect(paper < 100 && fitted > 200)
    }

    /// 396 of 436 in float: signs and levels fitted to responses against those fitted to weights.
    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func imagesAreRecognizedWithFewBits() throws {
        let model = try TrainedModel.resnet(20)
        let naive = try correct(model, TernaryWeights())
        let ternary = try correct(model, TernaryWeights(fit: .responses))
        #expect(ternary > 2 * naive && ternary > 320)
        let refined = try correct(model, NetworkSketching(terms: 4, fit: .refined))
        let sketch = try correct(model, NetworkSketching(terms: 4, fit: .responses))
        #expect(sketch > refined && sketch > 380)
    }
}
