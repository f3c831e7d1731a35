import Diagnostics
public import Quantities
public import Tensors

/// Parameters that are stored in the place of a constant's elements, and the rule by which the elements are computed from them.
///
/// The constant of the network stays what is executed; it equals what the rule makes of the parts, element by element, or the
/// composition is dropped.
public struct WeightComposition: Sendable, Hashable, Codable {
    public var rule: CompositionRule
    public var parts: [StoredPart]

    public init(_ rule: CompositionRule, parts: [StoredPart]) {
        self.rule = rule
        self.parts = parts
    }

    /// True size of all parts, seeds among them; the few numbers of the rule itself, such as a vector's length, and the lengths
    /// of the parts are the format's.
    public var size: Bits { Bits(parts.reduce(0) { $0 + $1.size.count }) }

    /// The stored numbers of all parts together.
    public var entries: Int { parts.reduce(0) { $0 + $1.patterns.count } }

    /// Whether a part is written in words of variable length.
    public var isEntropyCoded: Bool { parts.contains { $0.coding == .huffman } }

    /// The same parts, each as plain fields or in one of the codings, whichever takes the fewest bits.
    package func coded(as codings: [SymbolCoding]) -> WeightComposition {
        WeightComposition(rule, parts: parts.map { $0.coded(as: codings) })
    }

    /// The part called `name`.
    ///
    /// - Throws: `Diagnostic` when it is missing.
    public func part(_ name: String) throws -> StoredPart {
        guard let part = parts.first(where: { $0.name == name }) else {
            throw Diagnostic("the part '\(name)' is missing")
        }
        return part
    }

    /// The elements of a constant of this shape.
    ///
    /// - Throws: `Diagnostic` when the parts do not suit the rule or the shape.
    public func elements(shape: Shape) throws -> [Float] {
        let elements = try rule.form.elements(of: self, shape: shape)
        guard elements.count == shape.elementCount else {
            throw Diagnostic("\(elements.count) elements are composed for a constant of \(shape.elementCount)")
        }
        return elements
    }

    /// Whether the composition makes exactly this constant.
    public func composes(_ tensor: Tensor) -> Bool {
        guard let elements = try? elements(shape: tensor.shape) else { return false }
        if case .float32(let values) = tensor.elements {
            return zip(elements, values).allSatisfy { $0.bitPattern == $1.bitPattern || $0 == $1 }
        }
        guard let integers = tensor.integers else { return false }
        return zip(elements, integers).allSatisfy { Int(exactly: $0) == $1 }
    }
}

/// One way to compute the elements of a constant from stored parts.
public protocol CompositionForm: Sendable, Hashable, Codable {
    /// The elements as they stand in the constant: reals, or integers on its grid.
    ///
    /// - Throws: `Diagnostic` when the parts do not suit the form or the shape; parts come from files and are hostile.
    func elements(of composition: WeightComposition, shape: Shape) throws -> [Float]

    /// The stored numbers that elements select or add, with the channels of the axis along which scales shall differ; nil for
    /// elements that are computed otherwise.
    ///
    /// - Throws: `Diagnostic` when the parts do not suit the form or the shape.
    func numbers(of composition: WeightComposition, shape: Shape, axis: Int?) throws -> StoredNumbers?
}

extension CompositionForm {
    public func numbers(of composition: WeightComposition, shape: Shape, axis: Int?) -> StoredNumbers? { nil }
}
