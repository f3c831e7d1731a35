import Compression
import Networks
import Testing

/// Compensation against magnitude on real networks of 436 pixel-exact images.
@Suite(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
struct PruningTrainedTests {
    private func answers(
        _ model: TrainedModel, density: Double, quota: MagnitudePruning.Quota
    ) throws -> (surgeon: Int, magnitude: Int) {
        (
            try model.correct(model.applying([OptimalBrainSurgeon(density: density, quota: quota)])),
            try model.correct(model.applying([MagnitudePruning(density: density, quota: quota)]))
        )
    }

    /// Of 375 right answers in float, half of all weights cost at most one point.
    @Test(arguments: [(0.5, 371), (0.3, 330)])
    func weightsOfResNet8(density: Double, floor: Int) throws {
        let right = try answers(TrainedModel.resnet8(calibration: 256), density: density, quota: .network)
        #expect(right.surgeon > right.magnitude && right.surgeon >= floor, "\(right)")
    }

    /// Of 396 right answers in float, half of each layer's weights cost at most one point.
    @Test(arguments: [(0.5, 392), (0.3, 365)])
    func weightsOfResNet20(density: Double, floor: Int) throws {
        let right = try answers(TrainedModel.resnet(20, calibration: 64), density: density, quota: .layer)
        #expect(right.surgeon > right.magnitude && right.surgeon >= floor, "\(right)")
    }

    /// Half of all weights leave where the scores miss them least, and the rest become 8 bits wide: at most one point is lost.
    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"), arguments: [8, 20])
    func halfOfTheWeightsLeaveByWhatTheScoresSay(depth: Int) throws {
        let model = try depth == 8 ? TrainedModel.resnet8(calibration: 256) : TrainedModel.resnet(depth)
        let pruned = try model.applying([OptimalBrainSurgeon(density: 0.5, quota: .network), FixedPointQuantization()])
        let magnitude = try model.applying([
            MagnitudePruning(density: 0.5, quota: .network), FixedPointQuantization(),
        ])
        let float = try model.correct(CompressedNetwork(model.network))
        let counts = try (surgeon: model.correct(pruned), magnitude: model.correct(magnitude))
        #expect(counts.surgeon >= float - 4 && counts.surgeon > counts.magnitude, "\(counts)")
    }
}
