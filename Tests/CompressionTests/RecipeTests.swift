import Compression
import Diagnostics
import Foundation
import Testing

@Suite struct RecipeTests {
    private func findings(_ json: String) -> [Diagnostic] {
        do {
            _ = try Recipe(json: Data(json.utf8), catalog: .standard, file: "recipe.json")
            return []
        } catch let fault as Diagnostics {
            return fault.findings
        } catch {
            return [Diagnostic("\(error)")]
        }
    }

    @Test func everyFaultIsReported() {
        let found = findings(
            """
            {"steps": [
              {"step": "magnitude-pruning", "layers": "conv*", "parameters": {"density": 2, "granularity": "row", "x": 1}},
              {"step": "squeeze"},
              {"step": "fixed-point-quantization", "parameters": {"weightBits": 1, "layerWeightBits": {"a": 99}}}
            ]}
            """)
        #expect(found.count == 6)
        #expect(
            found[0].location == SourceLocation(file: "recipe.json", position: .part("steps[0].parameters.density")))
        #expect(findings("{\"steps\": 3}").count == 1)
        #expect(findings("{\"step\": []}").first?.message.contains("unknown key 'step'") == true)
        #expect(findings("{").count == 1)
    }

    @Test func stepsGoToJSONAndBack() throws {
        let steps: [any CompressionStep] = [
            FullyConnectedSVD(layers: ["fc"], rank: 4), SpatialDecomposition(layers: ["a", "b*"], fraction: 0.5),
            TuckerDecomposition(layers: .all, inputRank: 2, outputRank: 3),
            SpatialDecomposition(layers: .all, rank: 2, scheme: .channelBasis, fit: .responses, rounds: 4),
            BlockTermDecomposition(layers: .all, blocks: 2, fraction: 0.5, fit: .responses),
            MonochromaticDecomposition(layers: .all, colours: 4), BiclusteredSVD(layers: .all, rank: 3),
            TensorTrainDecomposition(layers: .all, rank: 4, factors: ["input1": 2, "output1": 3]),
            CanonicalDecomposition(layers: .all, rank: 7, degeneracy: 3),
            ResponseDecomposition(layers: .all, budget: 0.5, selection: .greedy, asymmetric: false, rounds: 3),
            MagnitudePruning(granularity: .vector, density: 0.25), BinaryWeights(layers: ["x"]),
            FixedPointQuantization(weightBits: 4, activationBits: 6, layerWeightBits: ["a": 3]),
            ExecutionForm(layers: ["fc"], form: .productCodebook, length: 8),
            StorageCoding(coding: .relativeIndex, indexBits: 5),
        ]
        let recipe = Recipe(steps)
        let json = try recipe.json()
        let again = try Recipe(json: json, catalog: .standard, file: "recipe.json")
        #expect(again == recipe)
        #expect(try StepCatalog.standard.steps(of: again).map(\.entry) == recipe.steps)
        #expect(try again.json() == json)
    }

    @Test(arguments: StepCatalog.standard.descriptions)
    func everyStepDescribesItself(_ description: StepDescription) {
        #expect(!description.summary.isEmpty && !description.citation.isEmpty && !description.categories.isEmpty)
        #expect(description.findings([:], at: "step").isEmpty)
        #expect(description.findings(["absent": .flag(true)], at: "step").count == 1)
    }

    @Test func illegalOrderIsRefusedWithTheReason() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 1)
        let orders: [([any CompressionStep], String)] = [
            ([FixedPointQuantization(), FullyConnectedSVD(layers: ["logits"], rank: 2)], "leave their grid"),
            ([MagnitudePruning(density: 0.5), FullyConnectedSVD(layers: ["logits"], rank: 2)], "dense"),
            ([BinaryWeights(layers: ["logits"]), MagnitudePruning(density: 0.5)], "no zero"),
            ([MagnitudePruning(density: 0.5), BinaryWeights(layers: ["logits"])], "no zero"),
            ([StorageCoding(), FixedPointQuantization()], "already fixed"),
        ]
        for (steps, reason) in orders {
            let error = #expect(throws: Diagnostics.self) {
                try CompressedNetwork(network).applying(steps, observing: CaseObserver(cases: cases))
            }
            #expect(error?.findings.first?.message.contains(reason) == true)
        }
    }

    @Test func theOrderOfObservationDoesNotMatter() {
        var generator = SplitMix(seed: 1)
        let values = (0..<4000).map { _ in generator.signed() * Float(1 << (generator.next() % 12)) }
        var (whole, front, back) = (ActivationDistribution(), ActivationDistribution(), ActivationDistribution())
        whole.record(values)
        for value in values[..<1000].reversed() { front.record([value]) }
        back.record(Array(values[1000...]))
        #expect(whole == front.merging(back))
        #expect(whole == back.merging(front))
        #expect(whole.count == 4000 && whole.counts.reduce(0, +) == 4000)
    }
}
