import Codesign
import Foundation
import Testing

@Suite struct DamageMeasureTests {
    @Test(arguments: [DamageMeasure.divergence, .relativeSquaredError])
    func nothingChangedIsNoDamage(_ measure: DamageMeasure) {
        let outputs: [[Float]] = [[1, -2, 0.5], [0, 3]]
        #expect(measure.damage(reference: outputs, outputs: outputs, areProbabilities: false) == 0)
    }

    @Test func divergenceIsThatOfTheProbabilities() {
        let expected = 0.5 * log(0.5 / 0.25) + 0.5 * log(0.5 / 0.75)
        let given = DamageMeasure.divergence.damage(
            reference: [[0.5, 0.5]], outputs: [[0.25, 0.75]], areProbabilities: true)
        #expect(abs(given - expected) < 1e-9)
        let logits = DamageMeasure.divergence.damage(
            reference: [[7, 7]], outputs: [[0, Float(log(3.0))]], areProbabilities: false)
        #expect(abs(logits - expected) < 1e-6)
    }

    @Test func divergenceOfAZeroIsFinite() {
        let damage = DamageMeasure.divergence.damage(
            reference: [[1, 0]], outputs: [[0, 1]], areProbabilities: true)
        #expect(damage.isFinite && damage > 5)
        let impossible = DamageMeasure.divergence.damage(
            reference: [[0, -.infinity]], outputs: [[0, -.infinity]], areProbabilities: false)
        #expect(impossible == 0)
    }

    @Test func relativeErrorIsOverTheLengthAndSummedOverOutputs() {
        let damage = DamageMeasure.relativeSquaredError.damage(
            reference: [[3, 4], [0]], outputs: [[3, 3], [2]], areProbabilities: false)
        #expect(abs(damage - (1.0 / 25 + 4)) < 1e-12)
    }

    @Test(arguments: [DamageMeasure.divergence, .relativeSquaredError], [Float.nan, .infinity])
    func outputsThatAreNoNumbersAreTheWorst(_ measure: DamageMeasure, _ value: Float) {
        for areProbabilities in [false, true] {
            let damage = measure.damage(
                reference: [[0.5, 0.5]], outputs: [[value, 0.5]], areProbabilities: areProbabilities)
            #expect(damage == .infinity)
        }
    }
}
