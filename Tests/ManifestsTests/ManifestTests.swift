import Diagnostics
import Manifests
import Quantities
import Testing

@Suite struct ManifestTests {
    private func read(_ text: String) -> Manifest {
        Manifest(file: "t.yaml", bytes: Array(text.utf8))
    }

    private func places(_ findings: [Diagnostic]) -> [String] {
        findings.map { "\($0.location.map { "\($0)" } ?? "-") \($0.message)" }
    }

    @Test func treeWithPlaces() throws {
        let manifest = read("a: 1\nb:\n  - x\n  - {c: \"q\", d: }\n")
        #expect(manifest.findings.isEmpty)
        let root = try #require(manifest.root)
        #expect(root["a"]?.text == "1")
        let item = try #require(root["b"]?.items?.last)
        #expect(item.location.description == "t.yaml:4:5")
        #expect(item["c"]?.content == .scalar("q", isQuoted: true))
        #expect(item["d"]?.isNull == true)
        #expect(item.entries?.last?.keyLocation.description == "t.yaml:4:14")
    }

    @Test func everyRepeatedKeyIsNamedAtItsPlace() {
        let manifest = read("ports: 1\nx: {a: 1, 'b': 2, b: 3, a: 4}\nports: 2\n\"ports\": 3\nempty: 1\nempty: 2\n")
        #expect(
            places(manifest.findings) == [
                "t.yaml:2:19 the key 'b' is repeated; it was first written at line 2, column 11",
                "t.yaml:2:25 the key 'a' is repeated; it was first written at line 2, column 5",
                "t.yaml:3:1 the key 'ports' is repeated; it was first written at line 1, column 1",
                "t.yaml:4:1 the key 'ports' is repeated; it was first written at line 1, column 1",
                "t.yaml:6:1 the key 'empty' is repeated; it was first written at line 5, column 1",
            ])
        #expect(manifest.root?["x"]?["b"]?.text == "2")
    }

    @Test func refusedForms() {
        #expect(places(read("").findings) == ["t.yaml the file is empty"])
        #expect(read("a: [1, 2").root == nil)
        #expect(read("a: [1, 2").findings.count == 1)
        #expect(places(read("a: &x [1]\nb: *x\n").findings).first?.hasPrefix("t.yaml:1:4 anchors") == true)
        #expect(read("a: R&D\nb: this & that\n# &no\n").findings.isEmpty)
        #expect(Manifest(file: "t", bytes: [0xFF, 0xFE, 0x41]).findings.first?.message == "the file is not UTF-8 text")
        #expect(read(String(repeating: "a", count: 600_000)).findings.count == 1)
        #expect(read(String(repeating: "[", count: 900) + String(repeating: "]", count: 900)).findings.count == 1)
        #expect(read("a: 1\n---\nb: 2\n").findings.count == 1)
        #expect(read("{a: 1}: 2\n").findings.count == 1)
    }

    @Test func spelling() {
        #expect(Spelling.nearest(to: "wiatStates", among: ["waitStates", "lineSize"]) == "waitStates")
        #expect(Spelling.nearest(to: "colour", among: ["rows", "columns"]) == nil)
        #expect(Spelling.fix(for: "xyz", among: ["rows", "columns"]) == "write one of rows, columns")
    }

    @Test func sectionReaderCollectsEverything() throws {
        let root = try #require(read("rows: many\nsize: 3 parsec\nkind: flsh\ncolums: 4\nflag: yes\n").root)
        var reader = SectionReader(root)
        #expect(reader.integer("rows", in: 1...8) == nil)
        #expect(reader.quantity("size", as: Bytes.self) == nil)
        #expect(reader.integer("columns", in: 1...8) == nil)
        #expect(reader.flag("flag") == nil)
        _ = reader.text("kind")
        #expect(reader.finish().count == 5)
        #expect(reader.finish().last?.fix == "did you mean 'columns'?")
    }

    @Test func mutatedFilesNeverCrash() {
        let seed = Array("a: {b: 1, c: [1, \"x\"]}\nd:\n  - e: |\n      text\n  - 'f'\n? g\n: h # c\na: 2\n".utf8)
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0...random(6) {
                let alphabet = Array("{}[]:,'\"|>?-#&*!%@ \n\tab\\0".utf8) + [0, 0x80, 0xC3, 0xFF]
                let position = random(bytes.count)
                switch random(3) {
                case 0: bytes[position] = alphabet[random(alphabet.count)]
                case 1: bytes.insert(alphabet[random(alphabet.count)], at: position)
                default: bytes.remove(at: position)
                }
            }
            let manifest = Manifest(file: "t", bytes: bytes)
            #expect(manifest.root != nil || !manifest.findings.isEmpty)
        }
    }
}
