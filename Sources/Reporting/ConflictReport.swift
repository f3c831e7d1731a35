import Codesign
import Quantities

/// Why no plan was found, in the units of people and of programs.
public struct ConflictReport: Sendable, Encodable {
    /// A budget and the least limit that would do, the others held.
    public struct Relaxation: Sendable, Encodable {
        var budget: String
        /// Seconds, joules, bytes or percentage points, as `unit` says.
        var unit: String
        var limit: Double?
        var least: Double?
        var isExact: Bool
        /// What a whole network needs that keeps the other budgets.
        var achieved: Double?
        private let shown: (limit: String?, least: String?, achieved: String?)

        private enum CodingKeys: String, CodingKey {
            case budget, unit, limit, least, isExact, achieved
        }
    }

    /// Budgets that cannot be kept together.
    var budgets: [String]
    var relaxations: [Relaxation]
    var basis: String

    init(_ conflict: Conflict, clockHertz: Int) {
        budgets = conflict.quantities.map(\.rawValue)
        relaxations = conflict.relaxations.map { Relaxation($0, clockHertz: clockHertz) }
        basis = conflict.basis
    }

    /// Budgets outside the conflict are told only where another limit of theirs would do.
    var lines: [String] {
        let together = (budgets.count == 1 ? "the budget on " : "") + budgets.joined(separator: " with ")
        let helpful = relaxations.filter { budgets.contains($0.budget) || $0.least != nil }
        let named = budgets.isEmpty ? "no plan was found" : "no plan keeps \(together)"
        return ["\(named) (\(basis))"] + helpful.map(\.line)
    }
}

extension ConflictReport.Relaxation {
    fileprivate init(_ relaxation: Conflict.Relaxation, clockHertz: Int) {
        budget = relaxation.quantity.rawValue
        isExact = relaxation.isExact
        let factor: Double
        switch relaxation.quantity {
        case .latency: (unit, factor) = ("seconds", 1 / Double(max(clockHertz, 1)))
        case .energy: (unit, factor) = ("joules", 1e-15)
        case .ram, .flash: (unit, factor) = ("bytes", 1)
        case .accuracyDrop: (unit, factor) = ("percentagePoints", 1e-6)
        }
        limit = relaxation.limit.map { Double($0) * factor }
        least = relaxation.least.map { Double($0) * factor }
        achieved = relaxation.achieved.map { Double($0) * factor }
        let quantity = relaxation.quantity
        func show(_ amount: Int64) -> String {
            switch quantity {
            case .latency: Figures.duration(Double(amount) * factor)
            case .energy: Figures.scaled(Double(amount) * factor, unit: "J")
            case .ram, .flash: "\(Figures.grouped(Int(amount))) bytes"
            case .accuracyDrop: "\(Figures.decimal(Double(amount) * factor, decimals: 2)) points"
            }
        }
        shown = (relaxation.limit.map(show), relaxation.least.map(show), relaxation.achieved.map(show))
    }

    fileprivate var line: String {
        let now = shown.limit.map { " (now \($0))" } ?? ""
        let found = shown.achieved.map { "a whole network was found at \($0)" }
        guard let least = shown.least else {
            return "  \(budget)\(now): " + (found ?? "no limit helps while the others stay")
        }
        let proof = isExact ? "at least \(least)" : "about \(least)"
        return "  \(budget)\(now): \(proof) by the tables while the others stay" + (found.map { "; \($0)" } ?? "")
    }
}
