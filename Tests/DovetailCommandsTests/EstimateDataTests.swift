import DovetailCommands
import Foundation
import Testing

/// `estimate` with executed data, advice, arena and timeline.
@Suite struct EstimateDataTests {
    /// The sample network in integers, and the inputs that fit it.
    private func integers(in scratch: Scratch) throws -> (network: String, inputs: String) {
        let net = try SampleNetwork.store(in: scratch)
        let cases = try scratch.write(SampleNetwork.records([0, 1, 2, 3]), as: "cases.bin")
        let recipe = Scratch.package.appending(path: "Examples/recipes/int8.yaml").path
        let small = scratch.path("small.dovetail")
        let outcome = Scratch.run(["compress", net, "--recipe", recipe, "-o", small, "--calibrate", cases])
        try #require(outcome.status == .done, "\(outcome.errors)")
        return (small, try scratch.write(Data((0..<64).map { UInt8($0 % 16 * 4) }), as: "raw.bin"))
    }

    @Test func dataPutTheExecutedEnergyBesideTheAssumedOne() throws {
        let scratch = try Scratch()
        let (net, inputs) = try integers(in: scratch)
        let device = ["--device", "systolic-16x16-os", "--format", "json"]
        let plain = try Scratch.object(Scratch.run(["estimate", net] + device))
        let outcome = Scratch.run(["estimate", net, "--inputs", inputs, "--limit", "3"] + device)
        try #require(outcome.status == .done, "\(outcome.errors)")
        let object = try Scratch.object(outcome)
        let energies = try [plain, object].map {
            try #require(($0["totals"] as? [String: Any])?["energy"] as? [String: Any])
        }
        #expect(energies[0]["executedJoules"] == nil)
        let executed = try #require(energies[1]["executedJoules"] as? Double)
        let assumed = try #require(energies[1]["assumedJoules"] as? Double)
        #expect(assumed == energies[0]["assumedJoules"] as? Double)
        #expect(executed > 0 && executed != assumed)
        let layers = try #require(object["layers"] as? [[String: Any]])
        let conv = try #require(layers.first)
        #expect((conv["activationToggles"] as? [String: Any])?["origin"] as? String == "executed")
        #expect((conv["energy"] as? [String: Any])?["executedJoules"] is Double)
        let sum = layers.reduce(0) { sum, layer in
            let energy = layer["energy"] as? [String: Any]
            return sum + (energy?["executedFemtojoules"] as? Int ?? energy?["totalFemtojoules"] as? Int ?? 0)
        }
        #expect(energies[1]["executedFemtojoules"] as? Int == sum)
        let text = Scratch.run(["estimate", net, "--inputs", inputs, "--device", "systolic-16x16-os"]).output
        #expect(text.contains("executed  ") && text.contains("what would help"))
    }

    @Test func theArenaSaysHowGoodItIsAndLayersWhatWouldHelp() throws {
        let scratch = try Scratch()
        let (net, _) = try integers(in: scratch)
        let object = try Scratch.object(
            Scratch.run(["estimate", net, "--device", "nucleo-l4r5zi", "--format", "json"]))
        let arena = try #require(object["arena"] as? [String: Any])
        let bytes = try #require(arena["bytes"] as? Int)
        #expect(arena["optimal"] as? Bool == true && arena["lowerBoundBytes"] as? Int == bytes)
        let ram = try #require((object["schedule"] as? [String: Any])?["ram"] as? [[String: Any]])
        #expect(
            ram.reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) } == (object["totals"] as? [String: Any])?["ramBytes"]
                as? Int)
        let layers = try #require(object["layers"] as? [[String: Any]])
        let advice = layers.flatMap { $0["advice"] as? [[String: Any]] ?? [] }
        #expect(!advice.isEmpty)
        #expect(advice.allSatisfy { $0["change"] is String && $0["cycles"] is Int && ($0["saving"] as? Int ?? 0) > 0 })
        #expect(layers.allSatisfy { $0["scratchBytes"] is Int })
    }

    @Test(arguments: ["nucleo-l4r5zi", "systolic-16x16-os"])
    func theTimelineEndsWithTheInference(_ device: String) throws {
        let scratch = try Scratch()
        let (net, _) = try integers(in: scratch)
        let file = scratch.path("trace.json")
        let outcome = Scratch.run(["estimate", net, "--device", device, "--timeline", file, "--format", "json"])
        try #require(outcome.status == .done, "\(outcome.errors)")
        let totals = try #require(try Scratch.object(outcome)["totals"] as? [String: Any])
        let latency = try #require(totals["latencySeconds"] as? Double) * 1e6
        let trace = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file))) as? [String: Any]
        let events = try #require(trace?["traceEvents"] as? [[String: Any]])
        for event in events {
            for key in ["name", "cat", "ph"] { #expect(event[key] is String) }
            for key in ["ts", "dur"] { #expect((event[key] as? Double ?? -1) >= 0) }
            for key in ["pid", "tid"] { #expect(event[key] is Int) }
        }
        let tracks = events.filter { $0["ph"] as? String == "M" && $0["name"] as? String == "thread_name" }
        #expect(tracks.count == 4)
        let slices = events.filter { $0["ph"] as? String == "X" }
        let starts = slices.compactMap { $0["ts"] as? Double }
        #expect(starts == starts.sorted())
        let ends = slices.map { ($0["ts"] as? Double ?? 0) + ($0["dur"] as? Double ?? 0) }
        #expect(abs((ends.max() ?? 0) - latency) < 1e-6 * latency)
        func sum(_ track: Int) -> Double {
            slices.filter { $0["tid"] as? Int == track }.reduce(0) { $0 + ($1["dur"] as? Double ?? 0) }
        }
        #expect(abs(sum(1) - latency) < 1e-6 * latency)
        #expect(abs(sum(2) + sum(4) - latency) < 1e-6 * latency)
        for track in 1...4 {
            let own = slices.filter { $0["tid"] as? Int == track }
            for (one, next) in zip(own, own.dropFirst()) {
                let end = (one["ts"] as? Double ?? 0) + (one["dur"] as? Double ?? 0)
                #expect(end <= (next["ts"] as? Double ?? 0) + 1e-6)
            }
        }
    }

    @Test func aFailedEstimateLeavesNoTimeline() throws {
        let scratch = try Scratch()
        let (net, _) = try integers(in: scratch)
        let before = scratch.contents
        let file = scratch.path("trace.json")
        let options = ["estimate", net, "--timeline", file]
        #expect(Scratch.run(options + ["--device", "pynq-z1", "--inputs", scratch.path("none.npy")]).status != .done)
        #expect(
            Scratch.run(options + ["--device", "systolic-16x16-os", "--inputs", scratch.path("none")]).status
                == .missingFile)
        #expect(
            Scratch.run(["estimate", net, "--device", "unit", "--timeline", scratch.path("no/such")]).status
                == .wrongUsage)
        #expect(scratch.contents == before)
    }

    @Test func theSupplyChangesTheEnergyBehindALinearRegulator() throws {
        let scratch = try Scratch()
        let (net, _) = try integers(in: scratch)
        func joules(_ device: String, _ supply: String) throws -> Double {
            let outcome = Scratch.run([
                "estimate", net, "--device", device, "--set", "energy.supply=\(supply)", "--format", "json",
            ])
            let totals = try Scratch.object(outcome)["totals"] as? [String: Any]
            return try #require(totals?["energyJoules"] as? Double, "\(outcome.errors)")
        }
        #expect(try abs(joules("nucleo-l4r5zi", "3 V") / joules("nucleo-l4r5zi", "1.8 V") - 3 / 1.8) < 1e-4)
        #expect(try abs(joules("nucleo-u575zi-q", "3 V") / joules("nucleo-u575zi-q", "1.8 V") - 1) < 1e-9)
    }

    @Test func waitingBetweenInferencesIsCounted() throws {
        let scratch = try Scratch()
        let (net, _) = try integers(in: scratch)
        let options = ["estimate", net, "--device", "nucleo-l4r5zi", "--format", "json"]
        #expect(Scratch.run(options + ["--period", "1 s"]).status == .cannotBeDone)
        let idle = ["--set", "energy.idlePower=1 mW"]
        #expect(Scratch.run(options + idle + ["--period", "1 ns"]).status == .cannotBeDone)
        #expect(Scratch.run(options + idle + ["--period", "soon"]).status == .wrongUsage)
        let object = try Scratch.object(Scratch.run(options + idle + ["--period", "1 s"]))
        let totals = try #require(object["totals"] as? [String: Any])
        let latency = try #require(totals["latencySeconds"] as? Double)
        let energy = try #require(totals["energyJoules"] as? Double)
        let duty = try #require(object["dutyCycle"] as? [String: Any])
        #expect(try abs(#require(duty["energyJoules"] as? Double) - energy - 1e-3 * (1 - latency)) < 1e-12)
        #expect(duty["share"] as? Double == latency)
    }

    @Test func machinesThatSkipZeroBitsTakeTheBitsThatWereMet() throws {
        let scratch = try Scratch()
        let (net, _) = try integers(in: scratch)
        let shelf = ["--device", "pragmatic", "--format", "json"]
        func cycles(_ options: [String]) throws -> Int {
            let outcome = Scratch.run(["estimate", net] + options + shelf)
            let totals = try Scratch.object(outcome)["totals"] as? [String: Any]
            return try #require(totals?["cycles"] as? Int, "\(outcome.errors)")
        }
        let zeros = try scratch.write(Data(repeating: 0x80, count: 16), as: "zeros.bin")
        let ones = try scratch.write(Data(repeating: 0x7F, count: 16), as: "ones.bin")
        #expect(try cycles(["--inputs", zeros]) < cycles(["--inputs", ones]))
    }
}
