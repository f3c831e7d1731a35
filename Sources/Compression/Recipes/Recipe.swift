import Diagnostics
public import Foundation

/// An ordered list of compression steps, as a value that can be written to a file.
public struct Recipe: Sendable, Hashable, Codable {
    public var steps: [RecipeEntry]

    public init(steps: [RecipeEntry] = []) {
        self.steps = steps
    }

    public init(_ steps: [any CompressionStep]) {
        self.steps = steps.map(\.entry)
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case steps
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue))
        steps = try decoder.container(keyedBy: CodingKeys.self).decode([RecipeEntry].self, forKey: .steps)
    }

    /// Reads a recipe from JSON and checks every step and parameter against the catalog.
    ///
    /// - Parameter file: the name that findings give.
    /// - Throws: `Diagnostics` with every fault.
    public init(json: Data, catalog: StepCatalog, file: String) throws {
        do {
            self = try JSONDecoder().decode(Recipe.self, from: json)
        } catch let fault as DecodingError {
            throw Diagnostics([Diagnostic(fault, file: file)])
        }
        let findings = catalog.findings(self, file: file)
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }

    /// The recipe as JSON with sorted keys.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}

extension Decoder {
    /// - Throws: `DecodingError` naming the first key, in order of name, that is not in `known`.
    func refuseKeys(besides known: [String]) throws {
        let container = try container(keyedBy: AnyKey.self)
        let strange = container.allKeys.map(\.stringValue).filter { !known.contains($0) }.sorted()
        guard let first = strange.first else { return }
        throw DecodingError.dataCorruptedError(
            forKey: AnyKey(stringValue: first), in: container,
            debugDescription: "unknown key '\(first)'; known keys: \(known.joined(separator: ", "))")
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}
