import DovetailCommands
import Foundation
import Testing

@Suite struct CompressTests {
    @Test(arguments: ["int8", "int4-weights", "sparse", "narrow", "binary"])
    func everyExampleRecipeGivesANetworkThatRuns(_ name: String) throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0, 1, 2, 3]), as: "cases.bin")
        let recipe = Scratch.package.appending(path: "Examples/recipes/\(name).yaml").path
        let small = scratch.path("small.dovetail")
        let outcome = Scratch.run([
            "compress", net, "--recipe", recipe, "-o", small, "--calibrate", inputs, "--format", "json",
        ])
        try #require(outcome.status == .done, "\(outcome.errors)")
        let layers = try Scratch.object(outcome)["layers"] as? [[String: Any]] ?? []
        #expect(layers.map { $0["origin"] as? String } == ["conv", "dense"])
        #expect(Scratch.run(["inspect", small]).status == .done)
        let estimate = Scratch.run(["estimate", small, "--device", "nucleo-l4r5zi", "--format", "json"])
        #expect(estimate.status == .done, "\(estimate.errors)")
        let again = Scratch.run(["compress", net, "--recipe", recipe, "-o", small, "--calibrate", inputs])
        #expect(again.status == .done)
        #expect(scratch.contents == ["cases.bin", "net.dovetail", "small.dovetail"])
    }

    @Test func quantizedNetworksRunInEveryArithmetic() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0, 1, 2, 3]), as: "cases.bin")
        let recipe = Scratch.package.appending(path: "Examples/recipes/int8.yaml").path
        let small = scratch.path("small.dovetail")
        _ = Scratch.run(["compress", net, "--recipe", recipe, "-o", small, "--calibrate", inputs])
        let raw = try scratch.write(Data(repeating: 3, count: 16), as: "raw.bin")
        for arithmetic in ["tflm", "ruy", "single-rounding", "xnnpack", "onnxruntime"] {
            let outcome = Scratch.run(["run", small, "--inputs", raw, "--arithmetic", arithmetic])
            #expect(outcome.status == .done, "\(outcome.errors)")
        }
        let float = Scratch.run(["run", small, "--inputs", raw, "--arithmetic", "float"])
        #expect(float.status == .wrongUsage && float.errors.contains("integers"))
    }

    @Test func aRecipeThatObservesActivationsNeedsData() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let recipe = Scratch.package.appending(path: "Examples/recipes/int8.yaml").path
        let outcome = Scratch.run(["compress", net, "--recipe", recipe, "-o", scratch.path("small.dovetail")])
        #expect(outcome.status == .wrongUsage && outcome.errors.contains("--calibrate"), "\(outcome.errors)")
        #expect(outcome.errors.contains("step 'fixed-point-quantization'"), "\(outcome.errors)")
        #expect(scratch.contents == ["net.dovetail"])
    }

    @Test func allFaultsOfARecipeAreReportedWithTheirPlace() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let text = """
            steps:
              - step: magnitude-prunning
              - step: magnitude-pruning
                layer: conv
                parameters: {density: 2, granularity: kernel}
              - layers: [conv]
              - step: fixed-point-quantization
                parameters:
                  weightBits: eight
            """
        let recipe = try scratch.write(text, as: "recipe.yaml")
        let outcome = Scratch.run(["compress", net, "--recipe", recipe, "-o", scratch.path("small.dovetail")])
        #expect(outcome.status == .badInput)
        for place in ["2:11", "4:5", "5:27", "6:5", "9:19"] {
            #expect(outcome.errors.contains("\(recipe):\(place): error"), "\(place) in \(outcome.errors)")
        }
        #expect(scratch.contents == ["net.dovetail", "recipe.yaml"])
    }

    /// A step's refusal stands at its line: at the layer that it names, or else at its name.
    @Test func refusalsArePlacedAtTheirStep() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let text = """
            steps:
              - step: magnitude-pruning
                layers: [conv]
              - step: weight-sharing
                layers: [conv]
                parameters: {bits: 16}
            """
        let named = Scratch.run([
            "compress", net, "--recipe", try scratch.write(text, as: "a.yaml"), "-o", scratch.path("small.dovetail"),
        ])
        #expect(
            named.status == .badInput && named.errors.contains("a.yaml:5:14: error: layer 'conv'"), "\(named.errors)")
        let all = text.replacingOccurrences(of: "    layers: [conv]\n", with: "")
        let unnamed = Scratch.run([
            "compress", net, "--recipe", try scratch.write(all, as: "b.yaml"), "-o", scratch.path("small.dovetail"),
        ])
        #expect(unnamed.status == .badInput && unnamed.errors.contains("b.yaml:3:11: error"), "\(unnamed.errors)")
    }

    @Test func aPatternThatSelectsNothingIsPlacedInTheRecipe() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let text = "steps:\n  - step: magnitude-pruning\n    layers: [conv, nosuch*]\n    parameters: {density: 0.5}\n"
        let recipe = try scratch.write(text, as: "recipe.yaml")
        let outcome = Scratch.run(["compress", net, "--recipe", recipe, "-o", scratch.path("small.dovetail")])
        #expect(outcome.status == .badInput)
        #expect(outcome.errors.contains("\(recipe):3:20: error"), "\(outcome.errors)")
    }

    @Test func recipesMayBeJSON() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let text = #"{"steps": [{"step": "magnitude-pruning", "layers": "dense", "parameters": {"density": 0.125}}]}"#
        let recipe = try scratch.write(text, as: "recipe.json")
        let outcome = Scratch.run([
            "compress", net, "--recipe", recipe, "-o", scratch.path("small.dovetail"), "--format", "json",
        ])
        try #require(outcome.status == .done, "\(outcome.errors)")
        let layers = try Scratch.object(outcome)["layers"] as? [[String: Any]] ?? []
        let distortions = layers.map { $0["distortion"] as? Double ?? -1 }
        #expect(distortions[0] == 0)
        #expect(distortions[1] > 0 && distortions[1] < 1)
    }
}
