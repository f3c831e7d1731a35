import FixedPoint
public import Tensors

/// The name of a value inside one network.
public struct ValueID: Sendable, Hashable, Codable, Comparable {
    /// Place in `Network.values`.
    public let index: Int

    public init(_ index: Int) {
        self.index = index
    }

    public static func < (left: ValueID, right: ValueID) -> Bool {
        left.index < right.index
    }
}

/// A tensor that flows along an edge of a network, or a constant of it.
public struct Value: Sendable {
    /// Unique in the network.
    public var name: String
    public var shape: Shape
    /// How the elements are stored while the tool computes.
    public var elementType: ElementType
    /// How integers stand for reals; nil for a float value and for integers that are only integers.
    public var quantization: Quantization?
    /// The elements, for a constant; other elements lose the form.
    public var constant: Tensor? {
        didSet { form = nil }
    }
    /// How a layer multiplies with these weights without decoding them; nil to multiply with the elements.
    public var form: WeightForm?

    public init(
        name: String, shape: Shape, elementType: ElementType, quantization: Quantization? = nil, constant: Tensor? = nil
    ) {
        self.name = name
        self.shape = shape
        self.elementType = elementType
        self.quantization = quantization
        self.constant = constant
    }

    /// A constant value.
    public init(name: String, constant: Tensor, quantization: Quantization? = nil) {
        self.init(
            name: name, shape: constant.shape, elementType: constant.elementType, quantization: quantization,
            constant: constant)
    }

    /// Width of one element on the device: the format's if quantized, the stored type's otherwise.
    public var elementBits: Int {
        quantization?.format.bits ?? elementType.byteCount * 8
    }
}
