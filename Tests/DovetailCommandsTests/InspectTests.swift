import DovetailCommands
import Foundation
import Testing

@Suite struct InspectTests {
    @Test func totalsAndLayersAreCounted() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let object = try Scratch.object(Scratch.run(["inspect", net, "--format", "json"]))
        #expect(object["schemaVersion"] as? Int == 1)
        let totals = try #require(object["totals"] as? [String: Any])
        #expect(totals["macs"] as? Int == 16 * 4 + 64)
        #expect(totals["parameters"] as? Int == 16 + 64)
        #expect((object["layers"] as? [[String: Any]])?.map { $0["name"] as? String } == ["conv", "flatten", "dense"])
    }

    @Test func architecturesAreKnownByName() throws {
        let outcome = Scratch.run(["inspect", "zoo:squeezenet"])
        #expect(outcome.status == .done && outcome.output.contains("MACs"))
    }

    @Test func methodsHaveCitationsAndParameters() throws {
        let object = try Scratch.object(Scratch.run(["methods", "--format", "json"]))
        let methods = object["methods"] as? [[String: Any]] ?? []
        #expect(methods.count >= 7)
        for method in methods { #expect(!(method["citation"] as? String ?? "").isEmpty) }
        #expect(Scratch.run(["methods"]).output.contains("fixed-point-quantization"))
    }
}
