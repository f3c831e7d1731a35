import Codesign
import Compression
import Testing

@Suite struct CandidateTests {
    private static let pruned = LayerChoice.Move(step: "magnitude-pruning", parameters: ["density": .number(0.5)])
    private static let split = LayerChoice.Move(step: "spatial-decomposition", parameters: ["fraction": .number(0.5)])

    private func candidate(_ choices: [LayerChoice]) -> Candidate {
        Candidate(
            assignments: choices.enumerated().map { Candidate.Assignment(layer: "layer\($0)", choice: $1) })
    }

    @Test func structuralStepsComeInRoundsAndBinaryLast() {
        let entries = candidate([
            LayerChoice(weightBits: 1, activationBits: 8, moves: [Self.split, Self.pruned]),
            LayerChoice(weightBits: 8, activationBits: 8, moves: [Self.pruned]),
            LayerChoice(weightBits: 1, activationBits: 8),
        ]).structuralEntries()
        #expect(
            entries.map(\.step) == [
                "spatial-decomposition", "magnitude-pruning", "magnitude-pruning", "binary-weights",
            ])
        #expect(entries.map(\.layers.patterns) == [["layer0"], ["layer1"], ["layer0"], ["layer0", "layer2"]])
    }

    @Test func floatNetworksAreQuantizedWhole() throws {
        let entries = candidate([
            LayerChoice(weightBits: 4, activationBits: 8), LayerChoice(weightBits: 1, activationBits: 4),
            LayerChoice(weightBits: nil, activationBits: 4),
        ]).integerEntries(baseline: nil)
        #expect(entries.map(\.step) == ["fixed-point-quantization", "storage-coding"])
        #expect(entries[0].layers == .all)
        #expect(entries[0].parameters["layerWeightBits"] == .table(["layer0": 4.0]))
        #expect(
            entries[0].parameters["layerActivationBits"] == .table(["layer0": 8.0, "layer1": 4.0, "layer2": 4.0]))
    }

    @Test func integerNetworksAreChangedWhereAsked() {
        let own = candidate([8, 8, 8].map { LayerChoice(weightBits: $0, activationBits: nil) })
        #expect(own.structuralEntries().isEmpty)
        #expect(own.integerEntries(baseline: own).map(\.step) == ["storage-coding"])
        let changed = candidate([8, 4, 1].map { LayerChoice(weightBits: $0, activationBits: nil) })
        let entries = changed.integerEntries(baseline: own)
        #expect(entries.map(\.step) == ["fixed-point-quantization", "storage-coding"])
        #expect(entries[0].layers.patterns == ["layer1"])
        #expect(entries[0].parameters["activationBits"] == nil)
        #expect(entries[0].parameters["layerWeightBits"] == .table(["layer1": 4.0]))
    }

    @Test func theBaselineIsEightBits() throws {
        let baseline = Candidate.baseline(of: try TinyNetwork.float())
        #expect(baseline.assignments.map(\.layer) == ["stem", "body", "scores"])
        #expect(baseline.assignments.allSatisfy { $0.choice == LayerChoice(weightBits: 8, activationBits: 8) })
    }
}
