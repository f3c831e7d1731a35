import DovetailCommands
import Foundation
import Testing

/// Every example recipe of a step, as a user would apply it to the network of our own.
@Suite struct StepExampleTests {
    private static let folder = Scratch.package.appending(path: "Examples/recipes/steps")
    private static let network = Scratch.package.appending(path: "Traces/networks/fashion").path

    static var recipes: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    @Test(arguments: recipes)
    func givesANetworkThatRunsAndHasACost(_ recipe: String) throws {
        let scratch = try Scratch()
        let small = scratch.path("small.dovetail")
        let outcome = Scratch.run([
            "compress", "\(Self.network)/fashion.onnx", "--recipe", Self.folder.appending(path: recipe).path, "-o",
            small, "--calibrate", "\(Self.network)/calibration-images-idx3-ubyte.gz", "--calibration-cases", "16",
            "--normalize", "scale=1/255", "--format", "json",
        ])
        try #require(outcome.status == .done, "\(outcome.errors)")
        let totals = try Scratch.object(outcome)["totals"] as? [String: Int] ?? [:]
        #expect(totals["weightBytes"] ?? 0 > 0)
        let run = Scratch.run([
            "run", small, "--inputs", "\(Self.network)/test-images-idx3-ubyte.gz", "--labels",
            "\(Self.network)/test-labels-idx1-ubyte.gz", "--normalize", "scale=1/255", "--limit", "20",
        ])
        #expect(run.status == .done, "\(run.errors)")
        let estimate = Scratch.run(["estimate", small, "--device", "unit"])
        #expect([.done, .cannotBeDone].contains(estimate.status), "\(estimate.errors)")
    }
}
