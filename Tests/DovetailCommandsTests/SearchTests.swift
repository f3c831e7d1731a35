import DovetailCommands
import Foundation
import Testing

@Suite struct SearchTests {
    private static let files = [
        "plan.json", "plan.tables.json", "options.json", "plan.dovetail/network.json",
        "plan.dovetail/tensors.safetensors",
    ]

    /// The main job on the embedded network: search, run, estimate and certify agree, whatever the number of threads.
    @Test func theEmbeddedNetworkIsFittedToABoard() throws {
        let budgets = ["--budget", "flash<=48KiB", "--budget", "ram<=24KiB"]
        let runs = try ["1", "2"].map { threads in
            let search = try SearchRun(embeddedOn: "nucleo-l4r5zi")
            let outcome = search.run(
                budgets + [
                    "--finalists", "3", "--threads", threads, "--tables", search.scratch.path("options.json"),
                ])
            try #require(outcome.status == .done, "\(outcome.errors)\(outcome.output)")
            #expect(outcome.output.contains("verified") && !outcome.output.contains("NOT"))
            return search
        }
        for file in Self.files { #expect(try runs[0].bytes(file) == runs[1].bytes(file), "\(file)") }
        let search = runs[0]
        #expect(search.scratch.contents == ["options.json", "plan.dovetail", "plan.json", "plan.tables.json"])
        let plan = try search.object()
        let predicted = try #require(plan["predicted"] as? [String: Any])
        #expect((predicted["flashBytes"] as? Int ?? .max) <= 48 << 10)
        #expect((predicted["ramBytes"] as? Int ?? .max) <= 24 << 10)
        let executed = try #require((plan["accuracy"] as? [String: Any])?["plan"] as? [String: Any])
        #expect(executed["total"] as? Int == 200)
        let ran = Scratch.run(["run", search.plan, "--format", "json"] + SearchRun.cases)
        let counted = try #require(try Scratch.object(ran)["accuracy"] as? [String: Any], "\(ran.errors)")
        #expect(counted["correct"] as? Int == executed["correct"] as? Int)
        #expect(counted["total"] as? Int == executed["total"] as? Int)
        try expectEstimate(of: search.plan, device: "nucleo-l4r5zi", equals: predicted)
        let certified = Scratch.run(["certify", search.plan])
        #expect(certified.status == .done, "\(certified.errors)\(certified.output)")
    }

    private func expectEstimate(of plan: String, device: String, equals predicted: [String: Any]) throws {
        let outcome = Scratch.run(["estimate", plan, "--device", device, "--format", "json"])
        let totals = try #require(try Scratch.object(outcome)["totals"] as? [String: Any], "\(outcome.errors)")
        for key in ["cycles", "ramBytes", "flashBytes", "macs"] {
            #expect(totals[key] as? Int == predicted[key] as? Int, "\(key)")
        }
    }

    @Test func thePlanSaysWhatItRestsOn() throws {
        let search = try SearchRun()
        let outcome = search.run(["--format", "json", "--seed", "5"])
        try #require(outcome.status == .done, "\(outcome.errors)")
        let report = try Scratch.object(outcome)
        #expect(report["status"] as? String == "optimal" || report["status"] as? String == "feasible")
        let plan = try search.object()
        let cases = try #require(plan["cases"] as? [String: Any])
        #expect(cases["calibrationCases"] as? Int == 12 && cases["evaluationCases"] as? Int == 12)
        #expect(cases["seed"] as? Int == 5)
        #expect((plan["compressed"] as? [String: Any])?["file"] as? String == "plan.dovetail")
        #expect((plan["layers"] as? [[String: Any]])?.map { $0["name"] as? String } == ["conv", "flatten", "dense"])
    }

    @Test func anInfeasibleRequestNamesTheConflictAndLeavesNothing() throws {
        let search = try SearchRun()
        let before = search.scratch.contents
        let outcome = search.run(["--budget", "flash<=10 B", "--budget", "latency<=1 s"])
        #expect(outcome.status == .cannotBeDone)
        #expect(outcome.output.contains("no plan keeps the budget on flash"), "\(outcome.output)")
        #expect(outcome.output.contains("(now 10 bytes): at least"))
        #expect(search.scratch.contents == before)
    }

    @Test func aCostIsMinimizedWithinTheAccuracy() throws {
        let search = try SearchRun()
        let outcome = search.run(["--minimize", "flash", "--budget", "accuracy-drop<=0"])
        try #require(outcome.status == .done, "\(outcome.errors)\(outcome.output)")
        let plan = try search.object()
        let (before, after) = (plan["uncompressed"] as? [String: Any], plan["predicted"] as? [String: Any])
        #expect((after?["flashBytes"] as? Int ?? .max) < (before?["flashBytes"] as? Int ?? 0))
        #expect(((plan["accuracy"] as? [String: Any])?["dropPoints"] as? Double ?? 1) <= 0)
    }

    @Test func wrongUsageIsRefusedBeforeAnyWork() throws {
        let search = try SearchRun()
        let before = search.scratch.contents
        let wrong: [[String]] = [
            ["--minimize", "latency"], ["--minimize", "speed", "--budget", "accuracy-drop<=1"], ["--threads", "0"],
            ["--finalists", "0"], ["--limit", "0"], ["--limit", "1"], ["--tables", search.plan],
            ["--tables", search.scratch.path("plan.tables.json")], ["--device", "no-such-board"],
        ]
        for arguments in wrong {
            let outcome = search.run(arguments)
            #expect(outcome.status == .wrongUsage, "\(arguments): \(outcome.errors)\(outcome.output)")
            #expect(search.scratch.contents == before)
        }
    }

    @Test func allWrongBudgetsAreReportedAtOnce() throws {
        let search = try SearchRun()
        let before = search.scratch.contents
        let outcome = search.run([
            "--budget", "latency<=20KiB", "--budget", "ram<=1KiB", "--budget", "flash<=2 mJ", "--budget", "speed<=1",
        ])
        #expect(outcome.status == .badInput)
        for text in ["latency<=20KiB", "flash<=2 mJ", "speed<=1"] { #expect(outcome.errors.contains("'\(text)'")) }
        #expect(!outcome.errors.contains("ram<=1KiB"))
        #expect(search.scratch.contents == before)
    }

    @Test func faultsOfASpaceHaveTheirPlaces() throws {
        let search = try SearchRun()
        let text = """
            weightBits: [8, 4, 4, 99]
            activationBit: [8]
            moves:
              - []
              - { step: magnitude-prunning, parameters: { density: 0.5 } }
              - []
            """
        let file = try search.scratch.write(text, as: "space.yaml")
        let before = search.scratch.contents
        let outcome = search.run(["--space", file])
        #expect(outcome.status == .badInput)
        for place in ["1:20", "1:23", "2:1", "5:5", "6:5"] {
            #expect(outcome.errors.contains("space.yaml:\(place): error"), "\(place): \(outcome.errors)")
        }
        #expect(search.scratch.contents == before)
    }

    @Test func labelsOfTheWrongLengthAreRefused() throws {
        let search = try SearchRun()
        let labels = try search.scratch.write("0\n1\n2\n", as: "short.csv")
        let before = search.scratch.contents
        let outcome = search.run(["--labels", labels])
        #expect(outcome.status == .badInput)
        #expect(outcome.errors.contains("3 labels for the 24 cases"), "\(outcome.errors)")
        #expect(search.scratch.contents == before)
    }
}
