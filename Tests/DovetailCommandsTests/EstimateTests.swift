import DovetailCommands
import Foundation
import Testing

@Suite struct EstimateTests {
    @Test func totalsAreTheSumsOfTheLayers() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let outcome = Scratch.run(["estimate", net, "--device", "systolic-16x16-os", "--format", "json"])
        guard outcome.status == .done else {
            #expect(outcome.status == .cannotBeDone && outcome.errors.contains("conv"))
            return
        }
        let object = try Scratch.object(outcome)
        let totals = try #require(object["totals"] as? [String: Any])
        let layers = object["layers"] as? [[String: Any]] ?? []
        let cycles = layers.reduce(0) { $0 + (($1["cycles"] as? [String: Any])?["total"] as? Int ?? 0) }
        let rest = ((object["perInference"] as? [String: Any])?["cycles"] as? [String: Any])?["total"] as? Int ?? 0
        #expect(totals["cycles"] as? Int == cycles + rest)
        #expect(object["errorBand"] is [String: Any])
    }

    @Test func aRuntimeWithoutAnOperatorIsANormalOutcome() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let outcome = Scratch.run([
            "estimate", net, "--device", "systolic-16x16-os", "--set", "array.activationBits=4 bit", "--format", "json",
        ])
        #expect(outcome.status == .cannotBeDone)
        let object = try Scratch.object(outcome)
        #expect((object["reasons"] as? [String])?.first?.contains("the array multiplies") == true)
    }

    @Test func whatDoesNotFitIsToldWithTheNumbers() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let outcome = Scratch.run([
            "estimate", net, "--device", "nucleo-l4r5zi", "--set", "memories.sram.size=64 B", "--format", "json",
        ])
        #expect(outcome.status == .cannotBeDone, "\(outcome.errors)")
        #expect(outcome.errors.contains("do not fit"))
        let object = try Scratch.object(outcome)
        #expect(object["status"] as? String == "doesNotFit")
        #expect(object["totals"] is [String: Any])
    }

    @Test func overridesChangeTheNumbers() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let latencies = try ["120 MHz", "60 MHz"].map { clock in
            let outcome = Scratch.run([
                "estimate", net, "--device", "nucleo-l4r5zi", "--set", "clock=\(clock)", "--format", "json",
            ])
            let totals = try Scratch.object(outcome)["totals"] as? [String: Any]
            return try #require(totals?["latencySeconds"] as? Double, "\(outcome.errors)")
        }
        #expect(latencies[1] > latencies[0])
    }

    @Test func largeNetworksHaveNumbersOnTheUnitDevice() throws {
        let outcome = Scratch.run(["estimate", "zoo:alexnet", "--device", "unit", "--format", "json"])
        #expect(outcome.status == .done, "\(outcome.errors)")
        let totals = try #require(try Scratch.object(outcome)["totals"] as? [String: Any])
        let energy = try #require(totals["energy"] as? [String: Any])
        #expect(energy["totalFemtojoules"] as? Int == totals["energyFemtojoules"] as? Int)
    }

    @Test func aFolderIsNoProfile() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let outcome = Scratch.run(["estimate", net, "--device", scratch.path("")])
        #expect(outcome.status == .missingFile)
        #expect(outcome.errors.contains("folder"))
    }

    @Test func onlyAPlanNeedsNoDevice() throws {
        let scratch = try Scratch()
        let outcome = Scratch.run(["estimate", try SampleNetwork.store(in: scratch)])
        #expect(outcome.status == .wrongUsage)
        #expect(outcome.errors.contains("--device"))
    }

    @Test func linesThatNoMemoryHasAreRefused() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let outcome = Scratch.run(["estimate", net, "--device", "unit", "--set", "memories.flash.lineSize=32768 GiB"])
        #expect(outcome.status == .badInput && outcome.errors.contains("longer than 1 MiB"), "\(outcome.errors)")
    }

    @Test func changesAreToldOnce() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let object = try Scratch.object(
            Scratch.run(["estimate", net, "--device", "bit-fusion", "--format", "json"]))
        for layer in object["layers"] as? [[String: Any]] ?? [] {
            let changes = (layer["advice"] as? [[String: Any]] ?? []).compactMap { $0["change"] as? String }
            #expect(changes.count == Set(changes).count)
        }
    }
}
