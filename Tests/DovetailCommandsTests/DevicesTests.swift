import DovetailCommands
import Foundation
import Testing

@Suite struct DevicesTests {
    @Test func everyShippedDeviceIsListed() throws {
        let outcome = Scratch.run(["devices", "list", "--format", "json"])
        #expect(outcome.status == .done, "\(outcome.errors)")
        let devices = try Scratch.object(outcome)["devices"] as? [[String: Any]] ?? []
        let models = Dictionary(
            uniqueKeysWithValues: devices.map { ($0["name"] as? String ?? "", $0["hasModel"] as? Bool ?? false) })
        #expect(models["nucleo-l4r5zi"] == true)
        #expect(models["systolic-16x16-os"] == true)
        #expect(models["ethos-u55-256"] == true)
        #expect(Scratch.run(["devices", "list"]).output.contains("nucleo-l4r5zi"))
    }

    @Test func everyNumberIsShownWithItsSource() throws {
        let outcome = Scratch.run(["devices", "show", "nucleo-l4r5zi", "--format", "json"])
        let facts = try Scratch.object(outcome)["facts"] as? [[String: Any]] ?? []
        #expect(facts.contains { $0["key"] as? String == "clock" && $0["source"] != nil })
        #expect(Scratch.run(["devices", "show", "dovetail"]).status == .done)
    }

    @Test func allFaultsOfAProfileAreReportedWithTheirPlace() throws {
        let scratch = try Scratch()
        let file = try scratch.write("layer: board\nclok: 120 MHz\nclock: 120 m\nmachine: prozessor\n", as: "bad.yaml")
        let outcome = Scratch.run(["devices", "check", file])
        #expect(outcome.status == .badInput)
        #expect(outcome.errors.contains("\(file):2:1: error"), "\(outcome.errors)")
        #expect(outcome.errors.contains("\(file):3:8: error"))
        #expect(outcome.errors.contains("^"))
        let object = try Scratch.object(Scratch.run(["devices", "check", file, "--format", "json"]))
        #expect((object["diagnostics"] as? [[String: Any]])?.count ?? 0 >= 3)
    }

    @Test func shippedProfilesHaveNoFaults() {
        let file = Scratch.package.appending(path: "HardwareProfiles/boards/nucleo-l4r5zi.yaml").path
        let outcome = Scratch.run(["devices", "check", file])
        #expect(outcome.status == .done, "\(outcome.errors)")
    }

    @Test func theSchemaIsJSON() throws {
        #expect(try !Scratch.object(Scratch.run(["devices", "schema"])).isEmpty)
    }

    @Test func overridesWithAWrongUnitAreBadInput() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let outcome = Scratch.run(["estimate", net, "--device", "unit", "--set", "clock=12 KiB"])
        #expect(outcome.status == .badInput, "\(outcome.errors)")
        #expect(outcome.errors.contains("clock") && outcome.errors.contains("Hz"))
    }
}
