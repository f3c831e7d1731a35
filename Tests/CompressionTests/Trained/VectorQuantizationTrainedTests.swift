import Compression
import Execution
import Networks
import Quantities
import Testing
import Workloads

/// Vectors fitted to responses against vectors fitted to weights, on networks that recognize images.
@Suite struct VectorQuantizationTrainedTests {
    private func size(_ compressed: CompressedNetwork) -> Int {
        compressed.lowered().layers.reduce(0) { $0 + ($1.weights?.encodedSize.count ?? 0) }
    }

    /// More right answers in no more bits.
    private func compare(
        _ model: TrainedModel, weights: ProductQuantization, responses: ResponseProductQuantization, limit: Int
    ) throws {
        let (naive, better) = (try model.applying([weights]), try model.applying([responses]))
        let (bits, fewer) = (size(naive), size(better))
        let (before, after) = (try model.correct(naive, limit: limit), try model.correct(better, limit: limit))
        #expect(fewer <= bits && after > before, "\(after) in \(fewer) bits; \(before) in \(bits)")
    }

    @Test func responsesBeatWeightsOnClothes() throws {
        try compare(
            TrainedModel.fashion(), weights: ProductQuantization(length: 4, centers: 4),
            responses: ResponseProductQuantization(length: 4, centers: 8), limit: 500)
    }

    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func responsesBeatWeightsOnImages() throws {
        try compare(
            TrainedModel.resnet8(), weights: ProductQuantization(length: 4, centers: 8),
            responses: ResponseProductQuantization(length: 4, centers: 32), limit: .max)
    }

    /// Vectors of integers take a quarter of the bits for their tables and answer as those of reals do.
    @Test func integerVectorsKeepAnswers() throws {
        let model = try TrainedModel.fashion()
        let float = try model.applying([ResponseProductQuantization(length: 4, centers: 16)])
        let integer = try float.applying(FixedPointQuantization(), observing: model.observer)
        #expect(!integer.compositions.isEmpty)
        for (name, composition) in integer.compositions {
            let given = try #require(float.compositions[name])
            #expect(given.size.count - composition.size.count == 24 * (try given.part("centers").patterns.count))
        }
        let (before, after) = (try model.correct(float, limit: 500), try model.correct(integer, limit: 500))
        #expect(after >= before - 10, "\(after) of \(before)")
    }

    /// Five bits a weight lose little.
    @Test func sharedValuesKeepAnswers() throws {
        let model = try TrainedModel.fashion()
        let given = try model.correct(CompressedNetwork(model.network), limit: 500)
        let shared = try model.applying([WeightSharing(bits: 5), StorageCoding()])
        let kept = try model.correct(shared, limit: 500)
        #expect(kept >= given - 15, "\(kept) of \(given)")
        #expect(size(shared) * 4 < size(CompressedNetwork(model.network)))
    }

    /// Three bits a weight, fitted to responses, answer as 8 bits do; fitted to weights they do not.
    @Test func valuesForResponsesBeatValuesForWeights() throws {
        let model = try TrainedModel.fashion()
        let (naive, better) = try (
            model.applying([WeightSharing(bits: 3)]), model.applying([WeightSharing(bits: 3, fit: .responses)])
        )
        let (before, after) = try (model.correct(naive, limit: 500), model.correct(better, limit: 500))
        #expect(after > before, "\(after) of 500 for responses, \(before) for weights")
    }

    /// One scale for all weights suffices for vectors fitted to responses, since no vector runs away where no case says much.
    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func deepVectorsSurviveIntegers() throws {
        let model = try TrainedModel.resnet(32)
        let float = try model.applying([ResponseProductQuantization(length: 4, centers: 16)])
        let integer = try float.applying(FixedPointQuantization(), observing: model.observer)
        let (before, after) = try (model.correct(float, limit: 200), model.correct(integer, limit: 200))
        #expect(after >= before - 10, "\(after) of \(before)")
    }
}
