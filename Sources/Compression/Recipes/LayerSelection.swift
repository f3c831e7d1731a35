import Diagnostics
import Networks

/// Which layers a step works on: names, where `*` stands for any characters and `?` for one.
///
/// A layer is meant by its own name or by that of the layer from which an earlier step made it.
public struct LayerSelection: Sendable, Hashable, Codable, ExpressibleByArrayLiteral {
    public var patterns: [String]

    public init(_ patterns: [String]) {
        self.patterns = patterns
    }

    public init(arrayLiteral patterns: String...) {
        self.patterns = patterns
    }

    /// Every layer.
    public static let all = LayerSelection(["*"])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let pattern = try? container.decode(String.self) {
            patterns = [pattern]
        } else {
            patterns = try container.decode([String].self)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(patterns)
    }

    public func contains(_ layer: String, of compressed: CompressedNetwork) -> Bool {
        let origin = compressed.origin(of: layer)
        return patterns.contains {
            LayerSelection.matches(layer, pattern: $0) || LayerSelection.matches(origin, pattern: $0)
        }
    }

    /// Names of the selected layers that have constant weights, in execution order.
    ///
    /// - Throws: `Diagnostics` with every pattern that selects nothing.
    public func resolve(in compressed: CompressedNetwork) throws -> [String] {
        let layers = compressed.network.nodes.filter { node in
            node.weights.map { compressed.network[$0].constant != nil } ?? false
        }.map(\.name)
        let idle = patterns.filter { pattern in
            !layers.contains { LayerSelection([pattern]).contains($0, of: compressed) }
        }
        guard idle.isEmpty else {
            throw Diagnostics(
                idle.map {
                    Diagnostic(
                        "no layer with weights is called '\($0)'",
                        at: SourceLocation(file: "recipe", position: .part($0)),
                        fix: "layers with weights: \(layers.prefix(12).joined(separator: ", "))")
                })
        }
        return layers.filter { contains($0, of: compressed) }
    }

    /// Whether the whole of `name` matches, in time proportional to the product of the lengths.
    static func matches(_ name: String, pattern: String) -> Bool {
        let (name, pattern) = (Array(name.unicodeScalars), Array(pattern.unicodeScalars))
        var (place, mark) = (0, 0)
        var star: Int?
        var step = 0
        while place < name.count {
            if step < pattern.count, pattern[step] == "*" {
                (star, mark) = (step, place)
                step += 1
            } else if step < pattern.count, pattern[step] == "?" || pattern[step] == name[place] {
                step += 1
                place += 1
            } else if let last = star {
                step = last + 1
                mark += 1
                place = mark
            } else {
                return false
            }
        }
        return pattern[step...].allSatisfy { $0 == "*" }
    }
}
