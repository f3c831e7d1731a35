public import Codesign
import Execution

/// The committed form of a sweep: one line for each method and strength.
public struct SweepTable: Sendable {
    public var network: String
    public var outcomes: [SweepOutcome]

    /// - Parameter network: the name in the first column.
    public init(network: String, _ outcomes: [SweepOutcome]) {
        self.network = network
        self.outcomes = outcomes
    }

    /// The lines of the file, the last one ended as well.
    public var text: String {
        let devices = outcomes.lazy.compactMap { $0.figures?.costs.map(\.device) }.first ?? []
        let heading =
            ["network", "method", "strength", "naive", "correct", "total", "weightBytes", "macs", "nonzeroMacs"]
            + devices.flatMap { ["\($0) cycles", "\($0) energyJoules"] } + ["refusal"]
        return ([heading] + outcomes.map { fields($0, devices: devices.count) })
            .map { SeparatedValues.line($0) + "\n" }.joined()
    }

    private func fields(_ outcome: SweepOutcome, devices: Int) -> [String] {
        let entry = outcome.entry
        let name = [network, entry.method, entry.strength, entry.naive ?? ""]
        guard let figures = outcome.figures else {
            return name + Array(repeating: "", count: 5 + 2 * devices) + [outcome.refusal.joined(separator: "; ")]
        }
        let numbers = [
            figures.accuracy.correct, figures.accuracy.total, figures.weightBytes, figures.macs, figures.nonzeroMacs,
        ]
        let costs = figures.costs.flatMap { cost in
            [
                cost.cycles.map(String.init) ?? "",
                cost.energyJoules.map { Figures.significant($0, digits: 4) } ?? "",
            ]
        }
        let reasons = figures.costs.filter { !$0.reasons.isEmpty }.map { "\($0.device): \($0.reasons[0])" }
        return name + numbers.map(String.init) + costs + [reasons.joined(separator: "; ")]
    }
}
