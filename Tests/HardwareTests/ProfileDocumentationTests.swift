import Diagnostics
import Foundation
import Hardware
import Testing

@Suite struct ProfileDocumentationTests {
    /// `Documentation/Profiles.md` holds the generated tables; with RECORD_PROFILES set they are written, and the test fails.
    @Test func referencePageMatchesTheKeys() throws {
        let page = ShippedProfiles.root.appending(path: "Documentation/Profiles.md").resolvingSymlinksInPath()
        let text = try String(contentsOf: page, encoding: .utf8)
        let marker = "<!-- keys: generated, do not edit below -->\n"
        let range = try #require(text.range(of: marker))
        let wanted = text[..<range.upperBound] + "\n" + ProfileReference.markdown()
        if ProcessInfo.processInfo.environment["RECORD_PROFILES"] != nil {
            try String(wanted).write(to: page, atomically: true, encoding: .utf8)
            Issue.record("recorded")
        }
        #expect(text == wanted)
    }

    @Test func exampleOnThePageIsSoundAndInTheRepository() throws {
        let example = ShippedProfiles.root.appending(path: "Examples/profiles/custom-board.yaml")
            .resolvingSymlinksInPath()
        let data = try Data(contentsOf: example)
        #expect(ShippedProfiles.library.check(file: "custom-board.yaml", data: data).findings.isEmpty)
        let page = ShippedProfiles.root.appending(path: "Documentation/Profiles.md").resolvingSymlinksInPath()
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.contains("```yaml\n" + String(decoding: data, as: UTF8.self) + "```"))
    }

    @Test func schemaIsJSONWithAllKeys() throws {
        let data = try ProfileSchema.json()
        _ = try JSONSerialization.jsonObject(with: data)
        let text = String(decoding: data, as: UTF8.self)
        for key in ["waitStates", "perIndexWord", "dualMultiplyAccumulate", "extends"] {
            #expect(text.contains("\"\(key)\""))
        }
        #expect(try ProfileSchema.json() == data)
    }
}
