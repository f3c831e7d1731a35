public import Estimation

/// Estimates against measurements: every row, and the errors of each suite, model and machine.
public struct ValidationReport: Report {
    public var outcomes: [ValidationOutcome]

    public init(_ outcomes: [ValidationOutcome]) {
        self.outcomes = outcomes
    }

    private enum Key: String, CodingKey {
        case rows, summary
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(outcomes.map(EncodedOutcome.init), forKey: .rows)
        try container.encode(summaries, forKey: .summary)
    }

    public var text: String {
        var table = TextTable([
            .left("suite"), .left("row"), .left("network"), .left("device"), .left("runtime"), .left("quantity"),
            .right("measured"), .right("predicted"), .right("error"), .left("remark"),
        ])
        for outcome in outcomes { table.append(outcome.cells) }
        var summary = TextTable([
            .left("suite"), .left("of"), .right("rows"), .right("median error"), .right("90th percentile"),
            .right("predicted / measured"), .right("in the interval"),
        ])
        for entry in summaries { summary.append(entry.cells) }
        return table.text + "\n" + summary.text
    }

    /// One line for each suite and quantity, then for its models and devices.
    var summaries: [ValidationGroup] {
        ValidationOutcome.grouped(outcomes) { "\($0.suite)" }.flatMap { suite, all in
            ValidationOutcome.grouped(all) { $0.row.quantity.rawValue }.flatMap { quantity, some in
                let whole = ValidationGroup(suite: suite, of: quantity, some)
                let byDevice = ValidationOutcome.grouped(some) { $0.row.device }
                let parts =
                    byDevice.count < 2
                    ? [] : byDevice.map { ValidationGroup(suite: suite, of: "\(quantity), \($0)", $1) }
                return ([whole] + parts).compactMap { $0 }
            }
        }
    }
}

/// The errors of some rows under one heading.
struct ValidationGroup: Encodable, Sendable {
    var suite: String
    var of: String
    var errors: ErrorSummary

    init?(suite: String, of: String, _ outcomes: [ValidationOutcome]) {
        guard let errors = ErrorSummary(outcomes) else { return nil }
        self.suite = suite
        self.of = of
        self.errors = errors
    }

    var cells: [String] {
        let covered = errors.intervals == 0 ? "-" : "\(errors.covered) of \(errors.intervals)"
        return [
            suite, of, "\(errors.count)", Figures.percentage(errors.median), Figures.percentage(errors.ninetieth),
            Figures.decimal(errors.bias, decimals: 3), covered,
        ]
    }
}

/// An outcome as programs read it.
private struct EncodedOutcome: Encodable {
    let outcome: ValidationOutcome

    init(_ outcome: ValidationOutcome) {
        self.outcome = outcome
    }

    private enum Key: String, CodingKey {
        case suite, row, group, network, device, runtime, settings, quantity, measured, predicted, error, model
        case lowest, highest, covered, counted, status, note, source, refusal
    }

    func encode(to encoder: any Encoder) throws {
        let row = outcome.row
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(outcome.suite, forKey: .suite)
        try container.encode(row.row, forKey: .row)
        try container.encode(row.group, forKey: .group)
        try container.encode(row.network, forKey: .network)
        try container.encode(row.device, forKey: .device)
        try container.encodeIfPresent(row.runtime, forKey: .runtime)
        try container.encode(row.settings, forKey: .settings)
        try container.encode(row.quantity, forKey: .quantity)
        try container.encode(row.measured, forKey: .measured)
        try container.encodeIfPresent(outcome.predicted, forKey: .predicted)
        try container.encodeIfPresent(outcome.error, forKey: .error)
        try container.encodeIfPresent(outcome.model, forKey: .model)
        try container.encodeIfPresent(outcome.lowest, forKey: .lowest)
        try container.encodeIfPresent(outcome.highest, forKey: .highest)
        try container.encodeIfPresent(outcome.isCovered, forKey: .covered)
        try container.encode(row.isCounted, forKey: .counted)
        try container.encode(row.status, forKey: .status)
        try container.encode(row.note, forKey: .note)
        try container.encode(row.source, forKey: .source)
        try container.encodeIfPresent(outcome.refusal, forKey: .refusal)
    }
}

extension ValidationOutcome {
    fileprivate var cells: [String] {
        let remark = refusal ?? (row.isCounted ? (isCovered == false ? "outside the interval" : "") : row.note)
        return [
            suite, row.row, row.network, row.device, row.runtime ?? "", row.quantity.rawValue,
            Figures.significant(row.measured, digits: 5), predicted.map { Figures.significant($0, digits: 5) } ?? "-",
            error.map { Figures.percentage($0) } ?? "-", remark,
        ]
    }

    /// Outcomes under the same heading, in the order in which the headings first come up.
    static func grouped(
        _ outcomes: [ValidationOutcome], by heading: (ValidationOutcome) -> String
    ) -> [(String, [ValidationOutcome])] {
        var order: [String] = []
        var groups: [String: [ValidationOutcome]] = [:]
        for outcome in outcomes {
            let name = heading(outcome)
            if groups[name] == nil { order.append(name) }
            groups[name, default: []].append(outcome)
        }
        return order.map { ($0, groups[$0] ?? []) }
    }
}
