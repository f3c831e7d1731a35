import Compression
import Foundation

/// `Documentation/Methods.md`: every step with the doc comment of its type, its source, order and parameters.
enum MethodPage {
    static let package = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let file = package.appending(path: "Documentation/Methods.md")

    /// The page for these steps.
    static func markdown(_ types: [any CompressionStep.Type]) throws -> String {
        let sources = try stepSources()
        let chapters = types.map { type in
            chapter(type.description, comment: comment(of: "\(type)", in: sources) ?? "")
        }
        let heading = [
            "# Methods",
            "Generated from the doc comments of `Sources/Compression/Steps` by the tests (`RECORD_METHODS=1`); do not edit.",
            "`dovetail methods` prints the same without the formulas. Orders are for steps on the same layer.",
        ]
        return (heading + chapters).joined(separator: "\n\n") + "\n"
    }

    /// The doc comment in front of `struct name: CompressionStep`, its slashes taken off; nil when there is none.
    static func comment(of name: String, in sources: [String]) -> String? {
        for source in sources {
            let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
            guard let place = lines.firstIndex(where: { $0.hasPrefix("public struct \(name):") }) else { continue }
            let comment = lines[..<place].reversed().prefix { $0.hasPrefix("///") }.reversed()
            let text = comment.map { $0.dropFirst(3).trimmingPrefix(" ") }.joined(separator: "\n")
            return text.isEmpty ? nil : text
        }
        return nil
    }

    static func stepSources() throws -> [String] {
        let folder = package.appending(path: "Sources/Compression/Steps")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }
    }

    private static func chapter(_ step: StepDescription, comment: String) -> String {
        let facts = [
            "- Source: \(step.citation)",
            "- Kind: \(list(step.categories))",
            "- May follow: \(list(step.legalPredecessors)); may precede: \(list(step.legalSuccessors))",
            "- Pays in: \(step.profits.map(\.rawValue).joined(separator: ", "))",
        ]
        let rows = step.parameters.map { "| `\($0.name)` | \(values($0.domain)) | \($0.summary) |" }
        let table = rows.isEmpty ? [] : [(["| parameter | values | meaning |", "| --- | --- | --- |"] + rows)]
        return
            (["## \(step.name)", comment, facts.joined(separator: "\n")]
            + table.map { $0.joined(separator: "\n") }).joined(separator: "\n\n")
    }

    private static func list(_ categories: [StepCategory]) -> String {
        categories.isEmpty ? "nothing" : categories.map(\.rawValue).joined(separator: ", ")
    }

    private static func values(_ domain: ParameterDescription.Domain) -> String {
        switch domain {
        case .flag(let value): "true, false (\(value))"
        case .integer(let range, let value): "\(range.lowerBound) to \(range.upperBound)" + standard(value)
        case .number(let range, let value): "\(range.lowerBound) to \(range.upperBound)" + standard(value)
        case .choice(let words, let value): words.joined(separator: ", ") + standard(value)
        case .table(let range): "\(range.lowerBound) to \(range.upperBound) by name"
        }
    }

    private static func standard(_ value: (some CustomStringConvertible)?) -> String {
        value.map { " (\($0))" } ?? ""
    }
}
