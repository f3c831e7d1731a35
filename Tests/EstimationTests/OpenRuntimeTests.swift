import Foundation
import Hardware
import Testing

@Suite("Open runtimes against silicon")
struct OpenRuntimeTests {
    /// Measured over estimated, of the rows that count.
    private func ratios(_ file: String, where holds: (BoardRow) -> Bool) throws -> [Double] {
        try BoardRow.rows(file).filter { $0.isCounted && holds($0) }.map { row in
            let ratio = try row.ratio()
            if ProcessInfo.processInfo.environment["SHOW_ROWS"] != nil {
                print("ROW", row.id, row.group, row.network, row.settings, ratio)
            }
            return ratio
        }.sorted()
    }

    @Test("every row of the suites is estimated", arguments: ["kernels.csv", "ncnn.csv"])
    func everyRow(file: String) throws {
        let all = try ratios(file) { _ in true }
        #expect(all.count >= 30)
        #expect(all.allSatisfy { $0 > 0.4 && $0 < 9 })
    }

    /// Nothing is fitted here: each median is that of the loops as counted, on cores as their documents state them.
    @Test(
        "the median of a runtime on a core stays where its loops put it",
        arguments: [
            ("kernels.csv", "esp32-s3-devkit", "esp-nn", 0.9, 1.3), ("kernels.csv", "esp32-devkit", "esp-nn", 0.9, 1.1),
            ("kernels.csv", "gapuino", "pulp-nn", 1.0, 1.15), ("kernels.csv", "raspberry-pi-2", "xnnpack", 1.3, 1.7),
            ("kernels.csv", "raspberry-pi-4", "xnnpack", 1.2, 2.6), ("ncnn.csv", "raspberry-pi-4", "ncnn", 1.2, 2.2),
            ("ncnn.csv", "raspberry-pi-5", "ncnn", 1.0, 1.8), ("ncnn.csv", "rk3399-big", "ncnn", 1.2, 1.8),
            ("ncnn.csv", "rk3399-little", "ncnn", 1.4, 2.3),
        ])
    func median(file: String, device: String, runtime: String, low: Double, high: Double) throws {
        let sorted = try ratios(file) { $0.device == device && $0.runtime == runtime }
        let middle = sorted[sorted.count / 2]
        #expect((low...high).contains(middle), "\(device) \(runtime): \(middle)")
    }

    @Test("four cores are faster than one, and never four times as fast as silicon shows")
    func threads() throws {
        let rows = BoardRow.rows("ncnn.csv").filter {
            $0.device == "rk3399-little" && $0.network == "vgg-16-float32"
        }
        let one = try #require(rows.first { $0.settings.contains("core.count=1") })
        let four = try #require(rows.first { $0.settings.contains("core.count=4") })
        let measured = one.measured / four.measured
        let estimated = (one.measured / (try one.ratio())) / (four.measured / (try four.ratio()))
        #expect((1.5...4.0).contains(estimated))
        #expect(abs(estimated / measured - 1) < 0.35)
    }

    @Test("the published band holds four rows in five of each core, and a core never compared has none")
    func bands() throws {
        for name in ["ncnn", "xnnpack", "esp-nn"] {
            let library = try Profiles.library.runtime(named: name).subject
            for (core, calibration) in library.calibrations {
                let rows = BoardRow.rows("kernels.csv").filter { $0.isCounted } + BoardRow.rows("ncnn.csv")
                let own = try rows.filter { row in
                    guard row.runtime == name else { return false }
                    let machine = try Profiles.library.device(named: row.device).subject.machine
                    guard case .processor(let processor) = machine else { return false }
                    return processor.name == core
                }
                let ratios = try own.map { try $0.ratio() }
                let inside = ratios.filter { (calibration.lowestRatio...calibration.highestRatio).contains($0) }
                #expect(calibration.rows == ratios.count, "\(name) on \(core): \(ratios.count) rows")
                #expect(Double(inside.count) / Double(ratios.count) >= 0.75, "\(name) on \(core)")
            }
            #expect(library.calibrations["Cortex-M4"] == nil)
        }
    }
}
