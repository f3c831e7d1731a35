import Diagnostics
import Foundation
import Hardware
import Quantities
import Testing

@Suite struct ProfileFaultTests {
    private func check(_ text: String) -> [String] {
        ShippedProfiles.library.check(file: "p.yaml", data: Data(text.utf8)).findings.map { finding in
            "\(finding.location.map { "\($0)" } ?? "-"): \(finding.message)" + (finding.fix.map { " [\($0)]" } ?? "")
        }
    }

    @Test func tenFaultsAreReportedAtOnceAtTheirPlaces() {
        let text = """
            layer: board
            extends: chips/stm32l4r5zy
            summary: A board with faults
            machine: procesor
            sources:
              rm: { from: datashet, text: "RM" }
              guess: { from: assumed, text: "x" }
            clock: 120 Mhz @guess
            colck: 1 MHz
            memories:
              flash: { kind: flash, size: 2 MiB, holds: [code, wieghts], busWidth: 32 bit @guess, waitStates: 5 @guess, lineSize: 8 B @gues }
              flash: { kind: sram }
            caches:
              source: guess
              art: { side: data, size: 1 KiB, lineSize: 32 B, ways: 5, serves: [falsh] }
            energy: { activePower: -1 mW @guess, perMac: [1] }
            """
        let places = check(text).map { $0.split(separator: ":").prefix(3).joined(separator: ":") }
        #expect(
            Set(places).isSuperset(of: [
                "p.yaml:2:10", "p.yaml:4:10", "p.yaml:6:15", "p.yaml:8:8", "p.yaml:9:1", "p.yaml:12:3", "p.yaml:15:57",
                "p.yaml:15:68", "p.yaml:16:24", "p.yaml:16:46",
            ]))
        #expect(places.count == 14)
        let all = check(text).joined(separator: "\n")
        #expect(all.contains("there is no profile 'chips/stm32l4r5zy' [did you mean 'chips/stm32l4r5zi'?]"))
        #expect(all.contains("did you mean 'processor'?"))
        #expect(all.contains("'from' is 'datashet' [did you mean 'datasheet'?]"))
        #expect(all.contains("units of frequency: Hz, kHz, MHz, GHz"))
        #expect(all.contains("unknown key 'colck' [did you mean 'clock'?]"))
        #expect(all.contains("the key 'flash' is repeated; it was first written at line 11, column 3"))
        #expect(all.contains("cache 'art' serves 'falsh', which is no memory of this device [did you mean 'flash'?]"))
        #expect(all.contains("cache 'art': 1 KiB is not a whole number of sets of 5 x 32 B"))
    }

    @Test func numbersNeedSourcesAndUnits() {
        let text = """
            layer: chip
            sources: { rm: { from: datasheet, text: RM } }
            clock: 80 MHz
            core: { issueWidth: 0 @rm, count: 2 @mr, costs: { load: 1 @rm, store: { value: 1 cycle, from: paper } } }
            memories: { sram: { size: 1.5 B @rm, busWidth: 0 bit @rm, lineSize: 3 parsec @rm } }
            """
        let all = check(text)
        #expect(all.count == 8)
        #expect(all.first?.hasPrefix("p.yaml:3:8: 'clock' has no source [add '@name'") == true)
        #expect(all.contains { $0.contains("the source 'mr' is not an entry of 'sources' [did you mean 'rm'?]") })
        #expect(all.contains { $0.contains("the key 'source' is missing") })
        #expect(all.contains { $0.contains("'1.5 B' is not a whole number of B") })
        #expect(all.contains { $0.contains("busWidth of memory 'sram' is zero") })
    }

    @Test func cyclesOfExtendsAreNamed() throws {
        let files = [
            "boards/a": Data("layer: board\nextends: boards/b\n".utf8),
            "boards/b": Data("layer: board\nextends: boards/a\n".utf8),
        ]
        let library = ProfileLibrary(profiles: files)
        let error = #expect(throws: Diagnostics.self) { try library.device(named: "a") }
        let text = error?.rendered() ?? ""
        #expect(
            text.contains(
                "'extends' goes round in a circle: HardwareProfiles/boards/a.yaml -> HardwareProfiles/boards/b.yaml"))
    }

    @Test func missingKeysAreNamed() {
        let all = check("layer: board\nsummary: x\nmachine: processor\n")
        #expect(all.contains { $0.contains("the key 'clock' is missing") })
        #expect(all.contains { $0.contains("needs the section 'core'") })
        #expect(all.contains { $0.contains("no memory holds 'weights'") })
    }

    @Test func overridesAreCheckedLikeFiles() throws {
        let library = ShippedProfiles.library
        let device = try library.device(
            named: "systolic-16x16-os",
            overrides: ["array.rows=8", "memories.ifmap.size=128KiB", "clock=1 GHz", "array.dataflow=weightStationary"])
        guard case .systolicArray(let array) = device.subject.machine else {
            Issue.record("not an array")
            return
        }
        #expect(array.rows == 8 && array.columns == 16 && array.dataflow == .weightStationary)
        #expect(array.ifmapBuffer == Bytes(131_072))
        #expect(device.subject.clock.hertz == 1_000_000_000)
        #expect(device.facts.first { $0.key == "array.rows" }?.source == "set by the user")
        let error = #expect(throws: Diagnostics.self) {
            try library.device(
                named: "nucleo-l4r5zi",
                overrides: [
                    "clokc=1MHz", "clock=0 Hz", "memories.srm.size=1 KiB", "core", "core.costs.load=1", "clock.x=1",
                ])
        }
        #expect(error?.findings.count == 6)
        let whole = #expect(throws: Diagnostics.self) {
            try library.device(named: "systolic-16x16-os", overrides: ["array=32x32"])
        }
        #expect(whole?.findings.first?.fix?.contains("rows, columns") == true)
    }

    @Test func unknownNamesAreSuggested() {
        let error = #expect(throws: Diagnostics.self) { try ShippedProfiles.library.device(named: "nucleo-l4r5z") }
        #expect(error?.findings.first?.fix == "did you mean 'nucleo-l4r5zi'?")
        #expect(throws: Diagnostics.self) { try ShippedProfiles.library.device(named: "dovetail") }
    }

    @Test func filesOfAUserMayExtendShippedAndOwnOnes() throws {
        let own = [
            "my/board.yaml": "layer: board\nextends: base\nsummary: mine\n",
            "my/base.yaml":
                "layer: board\nextends: boards/nucleo-l4r5zi\nclock: { value: 80 MHz, from: measured, source: scope }\n",
        ]
        let library = ProfileLibrary(profiles: ShippedProfiles.files) { own[$0].map { Data($0.utf8) } }
        let device = try library.device(named: "my/board.yaml")
        #expect(device.subject.name == "board")
        #expect(device.subject.clock == Frequency(hertz: 80_000_000))
        #expect(device.facts.first { $0.key == "clock" }?.place == "my/base.yaml:3:17")
        #expect(device.table().contains("memories.flash.waitStates"))
    }

    @Test func mutatedProfilesNeverCrash() throws {
        var state: UInt64 = 11
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let alphabet = Array("{}[]:,'\"|>?-#&*!%@ \n\t0919.eKMi".utf8) + [0, 0x80, 0xFF]
        for name in ["boards/nucleo-l4r5zi", "chips/stm32l4r5zi", "cores/cortex-m4", "chips/systolic", "unit"] {
            let seed = Array(try #require(ShippedProfiles.files[name]))
            for _ in 0..<150 {
                var bytes = seed
                for _ in 0...random(8) {
                    let position = random(bytes.count)
                    switch random(4) {
                    case 0: bytes[position] = alphabet[random(alphabet.count)]
                    case 1: bytes.insert(alphabet[random(alphabet.count)], at: position)
                    case 2: bytes.removeSubrange(position..<min(bytes.count, position + 1 + random(30)))
                    default: bytes.insert(contentsOf: seed[random(seed.count)...].prefix(random(60)), at: position)
                    }
                    if bytes.isEmpty { bytes = seed }
                }
                _ = ShippedProfiles.library.check(file: "f.yaml", data: Data(bytes))
            }
        }
    }
}
