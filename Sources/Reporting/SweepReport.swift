public import Codesign
import Execution

/// Methods of compression side by side: accuracy, size and cost of each.
public struct SweepReport: Report {
    public var network: String
    public var outcomes: [SweepOutcome]

    public init(network: String, _ outcomes: [SweepOutcome]) {
        self.network = network
        self.outcomes = outcomes
    }

    private enum Key: String, CodingKey {
        case network, rows
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(network, forKey: .network)
        try container.encode(outcomes.map(EncodedRow.init), forKey: .rows)
    }

    public var text: String {
        let devices = outcomes.lazy.compactMap { $0.figures?.costs.map(\.device) }.first ?? []
        var table = TextTable(
            [
                .left("method"), .left("strength"), .right("accuracy"), .right("against naive"), .right("bytes"),
                .right("MACs"), .right("not zero"),
            ] + devices.map { .right("\($0) cycles") } + [.left("remark")])
        for outcome in outcomes { table.append(cells(outcome, devices: devices.count)) }
        return table.text
    }

    private func cells(_ outcome: SweepOutcome, devices: Int) -> [String] {
        let (entry, remark) = (outcome.entry, outcome.refusal.joined(separator: "; "))
        guard let figures = outcome.figures else {
            return [entry.method, entry.strength] + Array(repeating: "-", count: 5 + devices) + [remark]
        }
        let reasons = figures.costs.filter { !$0.reasons.isEmpty }.map { "\($0.device): \($0.reasons[0])" }
        return [
            entry.method, entry.strength, Figures.percentage(figures.accuracy.top1, decimals: 2),
            gain(of: outcome).map { ($0 >= 0 ? "+" : "") + Figures.decimal($0, decimals: 2) } ?? "",
            Figures.grouped(figures.weightBytes), Figures.grouped(figures.macs), Figures.grouped(figures.nonzeroMacs),
        ] + figures.costs.map { $0.cycles.map(Figures.grouped) ?? "-" } + [reasons.joined(separator: "; ")]
    }

    /// Points of accuracy above the naive method at the same strength.
    private func gain(of outcome: SweepOutcome) -> Double? {
        guard let naive = outcome.entry.naive, let own = outcome.figures?.accuracy.top1,
            let other = outcomes.first(where: {
                $0.entry.method == naive && $0.entry.strength == outcome.entry.strength
            })?.figures?.accuracy.top1
        else { return nil }
        return (own - other) * 100
    }
}

/// A row as programs read it.
private struct EncodedRow: Encodable {
    struct Device: Encodable {
        var device: String
        var cycles: Int?
        var energyJoules: Double?
        var reasons: [String]
    }

    var method: String
    var strength: String
    var naive: String?
    var accuracy: Accuracy?
    var weightBytes: Int?
    var macs: Int?
    var nonzeroMacs: Int?
    var devices: [Device]
    var refusal: [String]

    init(_ outcome: SweepOutcome) {
        (method, strength, naive) = (outcome.entry.method, outcome.entry.strength, outcome.entry.naive)
        let figures = outcome.figures
        accuracy = figures?.accuracy
        weightBytes = figures?.weightBytes
        macs = figures?.macs
        nonzeroMacs = figures?.nonzeroMacs
        devices = (figures?.costs ?? []).map {
            Device(device: $0.device, cycles: $0.cycles, energyJoules: $0.energyJoules, reasons: $0.reasons)
        }
        refusal = outcome.refusal
    }
}
