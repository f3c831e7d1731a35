public import Tensors

/// Some cases together: for each tensor of a case, the elements of one case after another.
public struct CaseBatch: Sendable {
    /// How many cases.
    public let count: Int
    /// The shapes of the tensors of one case.
    public let shapes: [Shape]
    /// For each tensor of a case, `count` times as many elements as its shape asks for.
    public let elements: [Tensor.Elements]

    /// - Precondition: as many elements as the shapes ask for.
    public init(count: Int, shapes: [Shape], elements: [Tensor.Elements]) {
        precondition(
            shapes.count == elements.count
                && zip(shapes, elements).allSatisfy { $0.elementCount * count == $1.count }, "not a batch")
        self.count = count
        self.shapes = shapes
        self.elements = elements
    }

    /// A single case.
    public init(_ tensors: [Tensor]) {
        self.init(count: 1, shapes: tensors.map(\.shape), elements: tensors.map(\.elements))
    }

    /// Cases whose tensors have the same shapes and types; nil for others and for none.
    public init?(joining cases: [[Tensor]]) {
        guard let first = cases.first, cases.allSatisfy({ $0.isLike(first) }) else { return nil }
        self.init(
            count: cases.count, shapes: first.map(\.shape),
            elements: first.indices.map { place in Tensor.Elements(joining: cases.map { $0[place].elements }) })
    }

    /// The tensors of one case.
    public subscript(index: Int) -> [Tensor] {
        zip(shapes, elements).map { shape, elements in
            Tensor(shape: shape, elements: elements[index * shape.elementCount..<(index + 1) * shape.elementCount])
        }
    }
}

extension [Tensor] {
    fileprivate func isLike(_ other: [Tensor]) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.shape == $1.shape && $0.elementType == $1.elementType }
    }
}
