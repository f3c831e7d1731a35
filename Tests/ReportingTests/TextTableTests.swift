import Reporting
import Testing

@Suite struct TextTableTests {
    @Test func columnsAreAsWideAsTheirCells() {
        var table = TextTable([.left("name"), .right("count")])
        table.append(["a long name", "7"])
        table.append(["b"])
        table.appendRule()
        table.append(["total", "1,234,567"])
        #expect(
            table.text == """
                name             count
                -----------  ---------
                a long name          7
                b
                -----------  ---------
                total        1,234,567

                """)
    }

    @Test func longCellsAreShortenedExceptInTheLastColumn() {
        var table = TextTable([.left("a"), .left("b")])
        let long = String(repeating: "x", count: 100)
        table.append([long, long])
        let line = table.text.split(separator: "\n")[2]
        #expect(line.contains("…") && line.hasSuffix(long) && line.count == 56 + 2 + 100)
    }

    @Test func cellsStayOnOneLine() {
        var table = TextTable([.left("a")])
        table.append(["one\ntwo\tthree"])
        #expect(table.text.hasSuffix("one two three\n"))
    }
}
