public import Quantities
public import Tensors

/// An activation tensor as it lies in the device's memory, and how long it must stay there.
public struct TensorFootprint: Sendable, Hashable, Codable {
    public var name: String
    public var shape: Shape
    /// Width of one element.
    public var elementBits: Int
    /// `true` for float elements.
    public var isFloat: Bool
    /// Index of the layer that writes it, or nil for a network input.
    public var producer: Int?
    /// Indices of the layers that read it, ascending.
    public var consumers: [Int]
    /// `true` for a tensor that the caller reads after the last layer.
    public var isOutput: Bool
    /// Index of the tensor whose bytes this one is a view of, or nil when it has bytes of its own.
    public var aliasOf: Int?

    public init(
        name: String, shape: Shape, elementBits: Int, isFloat: Bool, producer: Int?, consumers: [Int], isOutput: Bool,
        aliasOf: Int? = nil
    ) {
        self.name = name
        self.shape = shape
        self.elementBits = elementBits
        self.isFloat = isFloat
        self.producer = producer
        self.consumers = consumers
        self.isOutput = isOutput
        self.aliasOf = aliasOf
    }

    /// Bytes of the elements when packed at their width, rows not padded.
    public var size: Bytes {
        Bits(shape.elementCount * elementBits).bytes
    }
}
