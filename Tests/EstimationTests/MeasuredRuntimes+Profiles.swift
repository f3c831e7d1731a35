import Estimation
import Foundation
import Hardware
import Quantities

extension MeasuredRuntimes {
    static let folder = Profiles.root.appending(path: "HardwareProfiles/runtimes").resolvingSymlinksInPath()

    /// The text of every profile by its name: one a family, for versions that are not known, and one a version.
    static func profiles(_ rows: [MeasuredNetwork]) -> [String: String] {
        let factors = factors(rows)
        let table = WorkCostTable(
            WorkCostFit(rows), networks: rows, measuredFactor: factors.measured, transferredFactor: factors.transferred)
        var profiles: [String: String] = [:]
        for family in families {
            profiles[family.name] = family.head + work(table, family, family.name, family.dropsDeadChannels)
            for (version, drops) in family.versions {
                let name = "\(family.name)-\(version)"
                let head = """
                    layer: runtime
                    extends: runtimes/\(family.name)
                    summary: \(family.summary) \(version), known by measured networks
                    version: "\(version)"
                    \(source(rows.filter { $0.library.version == name }))

                    """
                profiles[name] = head + work(table, family, name, drops)
            }
        }
        return profiles
    }

    private static func source(_ rows: [MeasuredNetwork]) -> String {
        let names = rows.map(\.name).joined(separator: " ")
        return """
            sources:
              fit: { from: fitted, text: "rows of Traces/boards/cortex-m.csv of this version (\(names)) with those of its relations; a test fits them again" }
            """
    }

    private static func work(_ table: WorkCostTable, _ family: Family, _ version: String, _ drops: Bool) -> String {
        var text = "work:\n  source: fit\n  dropsDeadChannels: \(drops)\n  cores:\n"
        for core in family.cores {
            let entry = table.entry(for: LibraryOnCore(family: family.name, version: version, core: core))
            let costs = WorkClass.allCases.compactMap { work in
                entry.costs[work].map { "\(work.rawValue): \(number($0.value)) cycles" }
            }
            let spread = WorkClass.allCases.compactMap { work in
                entry.spread[work].map { "\(work.rawValue): \(number($0))" }
            }
            text += """
                    \(core):
                      standing: \(entry.standing.rawValue)
                      rows: \(entry.rows)
                      costs: { \(costs.joined(separator: ", ")) }
                      spread: { \(spread.joined(separator: ", ")) }

                """
        }
        return text
    }

    private static func number(_ value: Double) -> String {
        String(format: "%.3f", value)
    }
}

extension MeasuredRuntimes.Family {
    /// The facts that all versions share, and the sources of the costs of an unknown version.
    fileprivate var head: String {
        """
        layer: runtime
        summary: \(summary), a version that was not measured
        version: unknown
        sources:
          fit: { from: fitted, text: "rows of Traces/boards/cortex-m.csv of the versions of this family and of others; a test fits them again" }
          size: { from: assumed, text: "as X-CUBE-AI 7.3 to 10.0 in the tables of STMicroelectronics/stm32ai-modelzoo: code of 22 KiB and 1.5 KiB a layer, RAM of 0.5 KiB a layer" }
        source: size
        codeSize: 22 KiB
        fixedRAM: 1 KiB
        perLayerRAM: 512 B
        perLayerFlash: 1536 B
        alignment: 8 B

        """
    }
}
