import Estimation
import Foundation
import Hardware
import Quantities

/// The runtime libraries that are known by measured networks, and the profiles that a fit to all rows gives them.
enum MeasuredRuntimes {
    /// One version of a library.
    struct Version {
        var family: String
        /// The profile's name.
        var name: String
        var version: String
        var summary: String
        var dropsDeadChannels: Bool
    }

    /// A family with the facts that all its versions share.
    struct Family {
        var name: String
        var summary: String
        var cores = ["Cortex-M4", "Cortex-M7", "Cortex-M33"]
        var dropsDeadChannels = false
        var versions: [(version: String, drops: Bool)]
    }

    static let families = [
        Family(
            name: "x-cube-ai", summary: "STMicroelectronics X-CUBE-AI", dropsDeadChannels: true,
            versions: [
                ("7.1", false), ("7.3", false), ("8.0", false), ("8.1", true), ("9.0", true), ("10.0", true),
                ("10.2", true),
            ]),
        Family(
            name: "plumerai", summary: "Plumerai Inference Engine", dropsDeadChannels: true,
            versions: [("mlperf-0.7", false), ("mlperf-1.0", false), ("2023.05", true)]),
        Family(
            name: "hale", summary: "Bosch Hardware-Aware Lowering Engine",
            cores: ["Cortex-M0+", "Cortex-M4", "Cortex-M7", "Cortex-M33"],
            versions: [("1.1", false), ("1.2", false), ("1.2-max-performance", false), ("1.2-min-ram", false)]),
        Family(
            name: "onnc", summary: "Skymizer ONNC", dropsDeadChannels: true,
            versions: [("1.1-mbed", true), ("1.1-zephyr", true)]),
        Family(name: "microtvm", summary: "microTVM with kernels that it generates", versions: [("1.0", false)]),
        Family(name: "microtvm-cmsis-nn", summary: "microTVM with CMSIS-NN", versions: [("1.0", false)]),
        Family(
            name: "tflm-measured", summary: "TensorFlow Lite Micro with reference kernels, as measured",
            versions: [("2.3", false)]),
    ]

    /// The rows that count, with their work.
    static func networks() throws -> [MeasuredNetwork] {
        let drops = Dictionary(
            uniqueKeysWithValues: families.flatMap { family in
                family.versions.map { ("\(family.name)-\($0.version)", $0.drops) }
            })
        return try BoardRow.rows("cortex-m.csv").filter(\.isCounted).map { row in
            let device = try Profiles.library.device(named: row.device, overrides: row.settings).subject
            guard case .processor(let core) = device.machine, let drops = drops[row.runtime] else {
                throw UnknownRuntime(name: row.runtime)
            }
            let family = row.group.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            return MeasuredNetwork(
                name: row.id, group: row.group,
                library: LibraryOnCore(family: family, version: row.runtime, core: core.name), cycles: row.measured,
                workload: try BoardRow.workload(row.network), device: device, dropsDeadChannels: drops)
        }
    }

    struct UnknownRuntime: Error { var name: String }

    /// A prediction of a row from a fit that did not see it: logarithm of estimated over measured, and its deviation.
    struct LeftOut {
        var row: MeasuredNetwork
        var error: Double
        var deviation: Double
        var standing: CoreWork.Standing
    }

    /// Every row predicted from the rows of other keys.
    static func leftOut(
        _ rows: [MeasuredNetwork], factors: (measured: Double, transferred: Double) = (1, 1),
        key: (MeasuredNetwork) -> String
    ) -> [LeftOut] {
        Set(rows.map(key)).sorted().flatMap { group -> [LeftOut] in
            let table = WorkCostTable(
                WorkCostFit(rows.filter { key($0) != group }), networks: rows, measuredFactor: factors.measured,
                transferredFactor: factors.transferred)
            return rows.filter { key($0) == group }.map { row in
                let entry = table.entry(for: row.library)
                let (cycles, deviation) = WorkCostTable.prediction(of: row, by: entry)
                return LeftOut(
                    row: row, error: log(cycles / row.cycles), deviation: deviation, standing: entry.standing)
            }
        }
    }

    static func byGroup(_ row: MeasuredNetwork) -> String { row.group }

    static func byLibrary(_ row: MeasuredNetwork) -> String { "\(row.library.version) on \(row.library.core)" }

    /// By how much deviations must grow so that 80 % of the rows left out lie within 1.2816 of them.
    static func factors(_ rows: [MeasuredNetwork]) -> (measured: Double, transferred: Double) {
        func factor(_ left: [LeftOut], _ standing: CoreWork.Standing) -> Double {
            let scores = left.filter { $0.standing == standing }.map { abs($0.error) / $0.deviation }
            return max(0.5, quantile(scores, 0.8) / 1.2816)
        }
        return (
            factor(leftOut(rows, key: byGroup), .measured), factor(leftOut(rows, key: byLibrary), .transferred)
        )
    }

    static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return 1 }
        let place = share * Double(sorted.count - 1)
        let low = sorted[Int(place)]
        let high = Int(place) + 1 < sorted.count ? sorted[Int(place) + 1] : last
        return low + (high - low) * (place - place.rounded(.down))
    }
}
