import Compression
import Networks
import Testing

/// Compensation against magnitude on real networks of 436 pixel-exact images.
@Suite(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
struct PruningTrainedTests {
    private func answers(_ model: TrainedModel, density: Double) throws -> (surgeon: Int, magnitude: Int) {
        (
            try model.correct(model.applying([OptimalBrainSurgeon(density: density)])),
            try model.correct(model.applying([MagnitudePruning(density: density)]))
        )
    }

    /// Of 375 right answers in float, half of the weights cost 8.
    @Test(arguments: [(0.5, 362), (0.3, 280), (0.2, 150)])
    func weightsOfResNet8(density: Double, floor: Int) throws {
        let right = try answers(TrainedModel.resnet8(calibration: 256), density: density)
        #expect(right.surgeon > right.magnitude && right.surgeon >= floor, "\(right)")
    }

    /// Of 396 right answers in float, half of the weights cost at most one point.
    @Test func halfOfResNet20() throws {
        let right = try answers(TrainedModel.resnet(20, calibration: 64), density: 0.5)
        #expect(right.surgeon > right.magnitude && right.surgeon >= 396 - 4, "\(right)")
    }
}
