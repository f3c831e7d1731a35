public import Estimation

/// The committed record of errors, `Traces/boards/model-error.csv`: one line for each measured row.
///
/// A test recomputes it, so that a change of a model or a profile shows in what it does to every known board.
public struct ModelErrorTable: Sendable {
    public var outcomes: [ValidationOutcome]

    public init(_ outcomes: [ValidationOutcome]) {
        self.outcomes = outcomes
    }

    /// The lines of the file, the last one ended as well.
    public var text: String {
        let heading = "suite,row,network,device,runtime,model,quantity,measured,predicted,errorPercent,counted"
        return ([heading] + outcomes.map(Self.line)).map { $0 + "\n" }.joined()
    }

    private static func line(_ outcome: ValidationOutcome) -> String {
        let row = outcome.row
        let device = ([row.device] + row.settings).joined(separator: "; ")
        let fields = [
            outcome.suite, row.row, row.network, device, row.runtime ?? "", outcome.model ?? "",
            row.quantity.rawValue, Figures.significant(row.measured, digits: 6),
            outcome.predicted.map { Figures.significant($0, digits: 6) } ?? "",
            outcome.error.map { Figures.decimal($0 * 100, decimals: 2) } ?? "", row.isCounted ? "yes" : "no",
        ]
        return SeparatedValues.line(fields)
    }
}
