import Diagnostics
import Foundation
import Testing

import struct Diagnostics.SourceLocation

@Suite struct RenderingTests {
    @Test func textPlaceShowsLineAndCaret() {
        let place = SourceLocation(file: "a.yaml", position: .text(line: 2, column: 4))
        let finding = Diagnostic("no such key", at: place, fix: "did you mean 'b'?")
        #expect(
            finding.rendered(source: "x: 1\n\tyy: 2\n")
                == "a.yaml:2:4: error: no such key\n  \tyy: 2\n  \t  ^\n  fix: did you mean 'b'?")
        #expect(finding.rendered(source: "x") == "a.yaml:2:4: error: no such key\n  fix: did you mean 'b'?")
    }

    @Test func longLinesAreCutRoundTheCaret() {
        let line = String(repeating: "a", count: 1000) + "!" + String(repeating: "b", count: 1000)
        let place = SourceLocation(file: "f", position: .text(line: 1, column: 1001))
        let lines = Diagnostic("m", at: place).rendered(source: line).split(separator: "\n")
        let caret = lines[2].distance(from: lines[2].startIndex, to: lines[2].firstIndex(of: "^") ?? lines[2].endIndex)
        #expect(Array(lines[1])[caret] == "!")
    }

    @Test func otherPlaces() {
        #expect("\(SourceLocation(file: "m.tflite", position: .byte(offset: 31)))" == "m.tflite: byte 0x1f")
        #expect("\(SourceLocation(file: "m.onnx", position: .part("node 3 (Conv)")))" == "m.onnx: node 3 (Conv)")
        #expect(Diagnostic("m").rendered() == "error: m")
    }

    @Test func sortedByPlaceWithoutRepetitions() {
        let early = Diagnostic("b", at: SourceLocation(file: "a", position: .text(line: 2, column: 9)))
        let late = Diagnostic("a", at: SourceLocation(file: "a", position: .text(line: 10, column: 1)))
        let whole = Diagnostic("c", at: SourceLocation(file: "a"))
        let none = Diagnostic("z")
        #expect(Diagnostics([late, early, none, late, whole]).sorted().findings == [none, whole, early, late])
    }

    @Test func codableRoundTrip() throws {
        let places: [SourceLocation?] = [
            nil, SourceLocation(file: "f"), SourceLocation(file: "f", position: .text(line: 1, column: 2)),
            SourceLocation(file: "f", position: .byte(offset: 7)), SourceLocation(file: "f", position: .part("p")),
        ]
        for place in places {
            let finding = Diagnostic("m", at: place, fix: "x", severity: .warning)
            let data = try JSONEncoder().encode(finding)
            #expect(try JSONDecoder().decode(Diagnostic.self, from: data) == finding)
        }
    }
}
