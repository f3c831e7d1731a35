public import Deployment
import Execution

/// A plan for people: what was chosen for each layer, what binds it, and the totals before and after.
public struct PlanTable: Sendable {
    private let plan: Plan

    public init(_ plan: Plan) {
        self.plan = plan
    }

    /// The tables, with a newline at the end.
    public var text: String {
        let place = plan.device + (plan.runtime.map { ", runtime \($0)" } ?? "")
        return "Plan for \(place)\n\n\(layers)\n\(totals)"
    }

    private var layers: String {
        var table = TextTable([
            .left("layer"), .left("result"), .right("w bits"), .right("a bits"), .left("steps"), .right("density"),
            .left("stored"), .right("bytes"), .right("MACs"), .right("cycles"), .left("bound by"),
        ])
        for layer in plan.layers {
            table.append([
                layer.name, layer.outputShape, layer.weightBits.map(String.init) ?? "", "\(layer.activationBits)",
                layer.steps.filter { !PlanTable.universal.contains($0) }.joined(separator: ", "),
                layer.density.map { Figures.percentage($0, decimals: 0) } ?? "", layer.storage ?? "",
                layer.weightBits == nil ? "" : Figures.grouped(layer.weightBytes),
                layer.macs == 0 ? "" : Figures.grouped(layer.macs), Figures.grouped(layer.cycles.total),
                layer.bound ?? "",
            ])
        }
        return table.text
    }

    /// Steps that every layer of an integer plan goes through.
    private static let universal: Set<String> = ["fixed-point-quantization", "storage-coding"]

    private var totals: String {
        var table = TextTable([.left(""), .right("uncompressed int8"), .right("plan"), .right("ratio")])
        let (before, after) = (plan.uncompressed, plan.predicted)
        func row(_ title: String, _ old: Double, _ new: Double, _ show: (Double) -> String) {
            table.append([title, show(old), show(new), new > 0 ? Figures.decimal(old / new, decimals: 2) : ""])
        }
        row("latency", before.latencySeconds, after.latencySeconds) { Figures.duration($0) }
        row("cycles", Double(before.cycles), Double(after.cycles)) { Figures.grouped(Int($0)) }
        if let old = before.energyJoules, let new = after.energyJoules {
            row("energy", old, new) { Figures.scaled($0, unit: "J") }
        }
        row("RAM bytes", Double(before.ramBytes), Double(after.ramBytes)) { Figures.grouped(Int($0)) }
        row("flash bytes", Double(before.flashBytes), Double(after.flashBytes)) { Figures.grouped(Int($0)) }
        row("MACs", Double(before.macs), Double(after.macs)) { Figures.grouped(Int($0)) }
        if let accuracy = plan.accuracy {
            table.append(["top-1", share(accuracy.uncompressed), share(accuracy.plan), ""])
            table.append(["as given", share(accuracy.reference), "", ""])
        }
        return table.text
    }

    private func share(_ accuracy: Accuracy) -> String {
        "\(accuracy.correct)/\(accuracy.total) \(Figures.percentage(accuracy.top1, decimals: 2))"
    }
}
