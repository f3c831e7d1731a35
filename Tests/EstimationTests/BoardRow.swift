import Estimation
import Foundation
import Hardware
import Networks
import Quantities
import Workloads

/// Rows of `Traces/boards`: one estimate against one measurement each.
struct BoardRow {
    var id: String
    var group: String
    var network: String
    var device: String
    var runtime: String
    var settings: [String]
    var quantity: String
    var measured: Double
    var isCounted: Bool

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Traces/boards").resolvingSymlinksInPath()

    static func rows(_ file: String) -> [BoardRow] {
        Profiles.table(folder.appending(path: file)).map { line in
            BoardRow(
                id: line["row"] ?? "", group: line["group"] ?? "", network: line["network"] ?? "",
                device: line["device"] ?? "", runtime: line["runtime"] ?? "",
                settings: (line["settings"] ?? "").split(separator: ";").map(String.init),
                quantity: line["quantity"] ?? "", measured: Double(line["measured"] ?? "") ?? 0,
                isCounted: !(line["note"] ?? "").hasPrefix("excluded"))
        }
    }

    /// Measured over estimated.
    func ratio() throws -> Double {
        let device = try Profiles.library.device(named: device, overrides: settings).subject
        let runtime = try Profiles.library.runtime(named: runtime).subject
        let workload = try Self.workload(network)
        let estimate: Estimate
        switch try Estimator(device: device, runtime: runtime).estimate(workload) {
        case .success(let fitting): estimate = fitting
        case .failure(.doesNotFit(_, let larger)): estimate = larger
        case .failure(let refusal): throw refusal
        }
        let cycles = quantity == "cycles"
        return measured / (cycles ? Double(estimate.totals.cycles) : estimate.totals.latencySeconds)
    }

    /// A network from its layer table, as the product reads it.
    static func workload(_ name: String) throws -> Workload {
        let file = folder.appending(path: "networks/\(name).csv")
        return try WorkloadFormats.standard.read(Data(contentsOf: file), fileName: file.path, named: name)
    }
}
