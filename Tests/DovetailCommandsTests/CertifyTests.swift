import DovetailCommands
import Foundation
import Testing

@Suite struct CertifyTests {
    private func plan() throws -> SearchRun {
        let search = try SearchRun()
        let outcome = search.run()
        try #require(outcome.status == .done, "\(outcome.errors)\(outcome.output)")
        return search
    }

    /// Replaces the first occurrence of a text in a file beside the plan.
    private func replace(_ old: String, by new: String, in file: String, of search: SearchRun) throws {
        let text = String(decoding: try search.bytes(file), as: UTF8.self)
        let range = try #require(text.range(of: old))
        try search.scratch.write(text.replacingCharacters(in: range, with: new), as: file)
    }

    @Test func anUntouchedPlanIsCertified() throws {
        let search = try plan()
        let outcome = Scratch.run(["certify", search.plan, "--format", "json"])
        #expect(outcome.status == .done, "\(outcome.errors)")
        #expect(try Scratch.object(outcome)["valid"] as? Bool == true)
    }

    @Test func changedTablesAreRefused() throws {
        let search = try plan()
        try replace("\"damage\":", by: "\"damage\" :", in: "plan.tables.json", of: search)
        let outcome = Scratch.run(["certify", search.plan])
        #expect(outcome.status == .cannotBeDone)
        #expect(outcome.output.contains("does NOT hold") && outcome.output.contains("digest differs"))
        try search.scratch.write(search.bytes("plan.tables.json").dropLast(9), as: "plan.tables.json")
        #expect(Scratch.run(["certify", search.plan]).status == .badInput)
    }

    @Test func missingCompanionsAreNamed() throws {
        for name in ["plan.tables.json", "plan.dovetail"] {
            let search = try plan()
            try FileManager.default.removeItem(atPath: search.scratch.path(name))
            let outcome = Scratch.run(["certify", search.plan])
            #expect(outcome.status != .done && outcome.status != .ownFault)
            #expect(outcome.errors.contains(name), "\(outcome.errors)")
        }
    }

    @Test func aChangedDigestIsRefused() throws {
        let search = try plan()
        let digest = try #require((try search.object()["compressed"] as? [String: Any])?["digest"] as? String)
        let other = String(digest.dropLast()) + (digest.hasSuffix("0") ? "1" : "0")
        try replace(digest, by: other, in: "plan.json", of: search)
        for arguments in [["certify", search.plan], ["estimate", search.plan, "--device", "unit"]] {
            let outcome = Scratch.run(arguments)
            #expect(outcome.status == .badInput)
            #expect(outcome.errors.contains("digest differs"), "\(outcome.errors)")
        }
    }

    @Test func aPlanNamesOnlyWhatLiesBesideIt() throws {
        let search = try plan()
        try replace("\"plan.tables.json\"", by: "\"../plan.tables.json\"", in: "plan.json", of: search)
        let outcome = Scratch.run(["certify", search.plan])
        #expect(outcome.status == .badInput && outcome.errors.contains("beside the plan"), "\(outcome.errors)")
    }

    @Test func anotherNetworkBesideThePlanIsRefused() throws {
        let search = try plan()
        let file = "plan.dovetail/tensors.safetensors"
        var bytes = try search.bytes(file)
        bytes[bytes.count - 1] ^= 1
        try search.scratch.write(bytes, as: file)
        for command in ["certify", "inspect"] {
            let outcome = Scratch.run([command, search.plan])
            #expect(outcome.status == .badInput, "\(command): \(outcome.errors)")
        }
    }

    @Test func whatIsNoPlanIsRefused() throws {
        let scratch = try Scratch()
        let text = try scratch.write("{\"compressed\": 3}", as: "text.json")
        let empty = try scratch.write("", as: "empty.json")
        #expect(Scratch.run(["certify", text]).status == .badInput)
        #expect(Scratch.run(["certify", empty]).status == .badInput)
        #expect(Scratch.run(["certify", scratch.path("none.json")]).status != .ownFault)
    }
}
