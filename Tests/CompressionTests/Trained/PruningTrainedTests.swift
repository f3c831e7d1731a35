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
}
