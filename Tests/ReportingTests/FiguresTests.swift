import Reporting
import Testing

@Suite struct FiguresTests {
    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678"), (-1000, "-1,000")])
    func groupsDigits(_ value: Int, _ text: String) {
        #expect(Figures.grouped(value) == text)
    }

    @Test(arguments: [
        (0.191, "191 ms"), (0.9996, "1.00 s"), (8.02e-3, "8.02 ms"), (14.7e-9, "14.7 ns"), (2e-13, "0.20 ps"),
        (0, "0 s"),
        (1234, "1.23 ks"), (.infinity, "-"),
    ])
    func scalesUnits(_ value: Double, _ text: String) {
        #expect(Figures.scaled(value, unit: "s") == text)
    }

    @Test(arguments: [(0.191, "191 ms"), (999.4, "999 s"), (999.6, "1,000 s"), (1028.9, "1,029 s"), (.infinity, "-")])
    func longTimesAreWholeSeconds(_ seconds: Double, _ text: String) {
        #expect(Figures.duration(seconds) == text)
    }

    @Test func percentagesAndPlainNumbers() {
        #expect(Figures.percentage(0.1234) == "12.3 %")
        #expect(Figures.plain(8) == "8")
        #expect(Figures.plain(99.99) == "99.99")
    }
}
