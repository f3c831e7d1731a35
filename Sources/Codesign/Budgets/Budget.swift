import Diagnostics
import Foundation
import Quantities

/// A limit that a plan must keep.
public struct Budget: Sendable, Hashable {
    public var quantity: BudgetedQuantity
    /// The limit: picoseconds, femtojoules, bytes, or millionths of a percentage point.
    public var limit: Int64
    /// As the user wrote it.
    public var text: String

    /// Reads `latency<=20ms`, `energy<=3 mJ`, `ram<=128KiB`, `flash<=256 KiB`, `accuracy-drop<=1.5`.
    ///
    /// - Throws: `Diagnostic` naming the quantity, the relation or the unit that is wrong.
    public init(parsing text: String) throws {
        self.text = text
        guard let relation = text.range(of: "<=") else {
            throw Diagnostic(
                "budget '\(text)' has no '<='", fix: "write a quantity, '<=' and a limit, such as 'latency<=20ms'")
        }
        let name = Budget.trimmed(text[..<relation.lowerBound])
        let limit = Budget.trimmed(text[relation.upperBound...])
        guard let quantity = BudgetedQuantity(rawValue: name) else {
            let known = BudgetedQuantity.allCases.map(\.rawValue).joined(separator: ", ")
            throw Diagnostic("budget '\(text)' is on '\(name)', which is not known", fix: "use one of \(known)")
        }
        self.quantity = quantity
        self.limit = try Budget.limit(limit, of: quantity, in: text)
    }

    private static func limit(_ text: String, of quantity: BudgetedQuantity, in budget: String) throws -> Int64 {
        func parsed<Amount: ScalarQuantity>(_ type: Amount.Type) throws -> Int64 {
            do {
                return Int64(try Amount.parse(text).baseValue)
            } catch {
                throw Diagnostic("budget '\(budget)': \(error)")
            }
        }
        switch quantity {
        case .latency: return try parsed(Seconds.self)
        case .energy: return try parsed(Energy.self)
        case .ram, .flash: return try parsed(Bytes.self)
        case .accuracyDrop:
            let number = text.hasSuffix("%") ? String(text.dropLast()) : text
            guard let points = Double(trimmed(number[...])), points.isFinite, abs(points) <= 100 else {
                throw Diagnostic("budget '\(budget)': '\(text)' is not a number of percentage points")
            }
            return Int64((points * 1_000_000).rounded())
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let kept = text.drop { $0.isWhitespace }
        guard let last = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(kept[...last])
    }
}
