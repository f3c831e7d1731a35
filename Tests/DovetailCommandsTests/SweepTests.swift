import DovetailCommands
import Foundation
import Testing

@Suite struct SweepTests {
    private static let folder = Scratch.package.appending(path: "Traces/networks/fashion").path

    private func arguments(_ sweep: String, limit: Int = 100) -> [String] {
        [
            "sweep", "\(Self.folder)/fashion.onnx", "--sweep", sweep, "--device", "nucleo-l4r5zi", "--inputs",
            "\(Self.folder)/test-images-idx3-ubyte.gz", "--labels", "\(Self.folder)/test-labels-idx1-ubyte.gz",
            "--calibrate", "\(Self.folder)/calibration-images-idx3-ubyte.gz", "--calibration-cases", "16",
            "--normalize", "scale=1/255", "--limit", "\(limit)", "--format", "json",
        ]
    }

    @Test func methodsStandSideBySide() throws {
        let scratch = try Scratch()
        let text = """
            finish:
              - step: fixed-point-quantization
            methods:
              - name: plain
                steps: []
              - name: sparse
                naive: plain
                steps:
                  - step: magnitude-pruning
                vary: {density: [0.75, 0.25]}
              - name: impossible
                steps:
                  - step: tucker-decomposition
                    parameters: {inputRank: 5000, outputRank: 5000}
            """
        let sweep = try scratch.write(Data(text.utf8), as: "sweep.yaml")
        let table = scratch.path("table.csv")
        let outcome = Scratch.run(arguments(sweep) + ["-o", table])
        try #require(outcome.status == .done, "\(outcome.errors)")
        let rows = try Scratch.object(outcome)["rows"] as? [[String: Any]] ?? []
        #expect(rows.map { $0["method"] as? String } == ["plain", "sparse", "sparse", "impossible"])
        #expect(rows.map { $0["strength"] as? String } == ["", "density=0.75", "density=0.25", ""])
        let macs = rows.map { $0["nonzeroMacs"] as? Int ?? 0 }
        #expect(macs[0] > macs[1] && macs[1] > macs[2] && macs[2] > 0)
        #expect((rows[3]["refusal"] as? [String])?.isEmpty == false && rows[3]["macs"] == nil)
        let lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 5 && lines[0].hasPrefix("network,method,strength,naive,correct,total"))
        #expect(lines[1].hasPrefix("fashion.onnx,plain,,,"))
    }

    @Test func allFaultsOfASweepAreReported() throws {
        let scratch = try Scratch()
        let text = """
            methods:
              - name: a
                naive: nobody
                steps:
                  - step: magnitude-prunning
              - name: b
                stepps: []
            """
        let sweep = try scratch.write(Data(text.utf8), as: "sweep.yaml")
        let outcome = Scratch.run(arguments(sweep))
        #expect(outcome.status == .badInput)
        for fault in ["magnitude-prunning", "nobody", "stepps"] { #expect(outcome.errors.contains(fault)) }
    }

    @Test func shippedSweepsAreSound() throws {
        let file = Scratch.package.appending(path: "Examples/sweeps/post-training.yaml").path
        let outcome = Scratch.run(
            arguments(file, limit: 1).filter { $0 != "16" && $0 != "--calibration-cases" } + [
                "--calibration-cases", "1",
            ])
        #expect(outcome.status == .done, "\(outcome.errors)")
    }

    @Test func analysisTellsWeightsRangesAndSensitivity() throws {
        let plain = Scratch.run(["analyze", "\(Self.folder)/fashion.onnx", "--format", "json"])
        try #require(plain.status == .done, "\(plain.errors)")
        let layers = try Scratch.object(plain)["layers"] as? [[String: Any]] ?? []
        #expect(layers.count == 10 && layers.allSatisfy { ($0["histogram"] as? [Int])?.count == 32 })
        #expect(layers.allSatisfy { $0["range"] == nil })
        let seen = Scratch.run([
            "analyze", "\(Self.folder)/fashion.onnx", "--inputs", "\(Self.folder)/calibration-images-idx3-ubyte.gz",
            "--normalize", "scale=1/255", "--limit", "4",
        ])
        #expect(seen.status == .done && seen.output.contains("mean range") && seen.output.contains("half the rank"))
    }
}
