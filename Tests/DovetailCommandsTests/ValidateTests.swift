import DovetailCommands
import Foundation
import Testing

@Suite struct ValidateTests {
    private static let heading = "row,group,network,device,runtime,settings,quantity,measured,status,note,source\n"
    private static let layers = """
        layer,class,inputHeight,inputWidth,inputChannels,outputHeight,outputWidth,outputChannels,kernelHeight,kernelWidth,weightBits
        fc,fullyConnected,1,1,10,1,1,4,1,1,8

        """

    private func folder(_ rows: String) throws -> Scratch {
        let scratch = try Scratch()
        let networks = scratch.folder.appending(path: "networks")
        try FileManager.default.createDirectory(at: networks, withIntermediateDirectories: true)
        try Data(Self.layers.utf8).write(to: networks.appending(path: "dense.csv"))
        try scratch.write(Self.heading + rows, as: "hand.csv")
        return scratch
    }

    private func cycles(of scratch: Scratch) throws -> Int {
        let outcome = Scratch.run([
            "estimate", scratch.path("networks/dense.csv"), "--device", "unit", "--format", "json",
        ])
        let totals = try Scratch.object(outcome)["totals"] as? [String: Any]
        return try #require(totals?["cycles"] as? Int, "\(outcome.errors)")
    }

    @Test func errorsAreThoseOfTheEstimates() throws {
        let scratch = try folder(
            """
            1,,dense,unit,,,cycles,100,simulated,,by hand
            2,,dense,unit,unit,clock=2 MHz; core.issueWidth=1,latencySeconds,0.001,simulated,,by hand
            3,,dense,unit,,,cycles,1,simulated,excluded: wrong on purpose,by hand
            """)
        let outcome = Scratch.run([
            "validate", "--traces", scratch.folder.path, "--format", "json", "-o", scratch.path("model-error.csv"),
        ])
        let object = try Scratch.object(outcome)
        let rows = try #require(object["rows"] as? [[String: Any]], "\(outcome.errors)")
        let expected = Double(try cycles(of: scratch))
        #expect(rows.map { $0["predicted"] as? Double } == [expected, expected / 2e6, expected])
        #expect(rows[0]["error"] as? Double == expected / 100 - 1)
        #expect(rows.map { $0["counted"] as? Bool } == [true, true, false])
        let summary = try #require(object["summary"] as? [[String: Any]])
        #expect(summary.count == 2)
        let record = try String(contentsOfFile: scratch.path("model-error.csv"), encoding: .utf8)
        #expect(record.split(separator: "\n").count == 4 && record.contains("hand,1,dense,unit,"))
        #expect(Scratch.run(["validate", "--traces", scratch.folder.path]).output.contains("by hand") == false)
    }

    @Test func faultsOfTablesComeAtOnce() throws {
        let scratch = try folder(
            """
            1,,dense,unit,,,cycles,zero,simulated,,
            2,,dense,unit,,,cycle,1,simulated,,
            3,,,unit,,,cycles,1,guessed,,
            """)
        let outcome = Scratch.run(["validate", "--traces", scratch.folder.path])
        #expect(outcome.status == .badInput)
        for line in 2...4 { #expect(outcome.errors.contains("hand.csv:\(line):"), "\(outcome.errors)") }
        #expect(Scratch.run(["validate", "--traces", "/nonexistent"]).status == .missingFile)
        let unknown = Scratch.run(["validate", "--traces", scratch.folder.path, "--suite", "hant"])
        #expect(unknown.status == .wrongUsage && unknown.errors.contains("hand"))
    }

    @Test func aRowWithoutAnEstimateSaysWhy() throws {
        let scratch = try folder("1,,dense,systolic-16x16-os,,array.weightBits=4 bit,cycles,1,simulated,,\n")
        let object = try Scratch.object(
            Scratch.run(["validate", "--traces", scratch.folder.path, "--format", "json"]))
        let row = try #require((object["rows"] as? [[String: Any]])?.first)
        #expect((row["refusal"] as? String)?.contains("at most 4 bits") == true && row["predicted"] == nil)
    }

    /// `dovetail validate -o Traces/boards/model-error.csv` writes the file again after a change that is meant.
    @Test func theCommittedRecordIsWhatTheModelsSay() throws {
        let scratch = try Scratch()
        let traces = Scratch.package.appending(path: "Traces/boards")
        let outcome = Scratch.run(["validate", "--traces", traces.path, "-o", scratch.path("record.csv")])
        #expect(outcome.status == .done, "\(outcome.errors)")
        let made = try String(contentsOfFile: scratch.path("record.csv"), encoding: .utf8)
        let kept = try String(contentsOf: traces.appending(path: "model-error.csv"), encoding: .utf8)
        let changes = zip(made.split(separator: "\n"), kept.split(separator: "\n")).filter { $0 != $1 }
        #expect(
            made == kept,
            "\(changes.count) lines differ, first \(changes.first.map { "\($0) / \($1)" } ?? "the length")")
    }

    /// Intervals that profiles state hold what they say of the rows behind them, and are narrow enough to be of use.
    @Test(arguments: ["ethos-u", "eyeriss", "finn", "cortex-m"])
    func statedIntervalsHoldTheirRows(_ suite: String) throws {
        let traces = Scratch.package.appending(path: "Traces/boards")
        let object = try Scratch.object(
            Scratch.run(["validate", "--traces", traces.path, "--suite", suite, "--format", "json"]))
        let rows = (object["rows"] as? [[String: Any]] ?? []).filter { $0["counted"] as? Bool == true }
        let covered = rows.compactMap { $0["covered"] as? Bool }
        #expect(covered.count >= 5)
        #expect(Double(covered.filter { $0 }.count) >= 0.8 * Double(covered.count))
        let widths = rows.compactMap { row -> Double? in
            guard let low = row["lowest"] as? Double, let high = row["highest"] as? Double else { return nil }
            return high / low
        }
        #expect(widths.sorted()[widths.count / 2] < 1.5)
    }
}
