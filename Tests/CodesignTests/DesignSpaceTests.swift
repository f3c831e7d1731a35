import Codesign
import Compression
import Testing

@Suite struct DesignSpaceTests {
    private let space = DesignSpace(
        weightBits: [16, 8, 4, 1], activationBits: [8, 4],
        moves: [
            [],
            [LayerChoice.Move(step: "magnitude-pruning", parameters: ["density": .number(0.5)])],
        ])

    @Test func floatLayersVaryInEveryAxis() {
        let choices = space.choices(replacing: LayerChoice(weightBits: 8, activationBits: 8), isInteger: false)
        #expect(choices.count == 4 * 2 * 2 && Set(choices).count == choices.count)
    }

    @Test func layersWithoutWeightsVaryInActivationsOnly() {
        let choices = space.choices(replacing: LayerChoice(weightBits: nil, activationBits: 8), isInteger: false)
        #expect(choices == [8, 4].map { LayerChoice(weightBits: nil, activationBits: $0) })
    }

    @Test func integerLayersNeverWidenAndKeepTheirActivations() {
        let choices = space.choices(replacing: LayerChoice(weightBits: 8, activationBits: nil), isInteger: true)
        #expect(Set(choices.map(\.weightBits)) == [8, 4, 1])
        #expect(choices.allSatisfy { $0.activationBits == nil })
        #expect(choices.count == 6)
    }

    @Test func choicesAreDescribed() {
        let move = LayerChoice.Move(
            step: "magnitude-pruning", parameters: ["granularity": .text("filter"), "density": .number(1e300)])
        let choice = LayerChoice(weightBits: 4, activationBits: 8, moves: [move])
        #expect(choice.description == "w4 a8 magnitude-pruning(density 1e+300, granularity filter)")
        #expect(LayerChoice(weightBits: nil, activationBits: nil).description == "as it is")
    }
}
