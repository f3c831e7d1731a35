public import Tensors

/// A tensor that an operator reads, with the reals for which its integers stand.
public struct Operand: Sendable {
    public var tensor: Tensor
    /// Nil for reals and for integers that are only integers.
    public var quantization: Quantization?

    public init(_ tensor: Tensor, quantization: Quantization? = nil) {
        self.tensor = tensor
        self.quantization = quantization
    }

    public var shape: Shape { tensor.shape }

    /// The elements as integers; none for a float32 tensor.
    var integers: [Int] { tensor.integers ?? [] }

    /// The reals for which the elements stand, in float32: `(element - zeroPoint) * scale`.
    public var reals: [Float] {
        guard let quantization, let integers = tensor.integers else { return tensor.floats }
        guard let axis = quantization.axis else {
            let (scale, zeroPoint) = (quantization.scale, quantization.zeroPoint)
            return integers.map { Float($0 - zeroPoint) * scale }
        }
        let inner = shape.extents[(axis + 1)...].reduce(1, *)
        let extent = shape[axis]
        return integers.enumerated().map { index, integer in
            let channel = index / inner % extent
            return Float(integer - quantization.zeroPoints[channel]) * quantization.scales[channel]
        }
    }
}

/// What a result of a node must be.
public struct ResultType: Sendable {
    public var shape: Shape
    public var elementType: ElementType
    public var quantization: Quantization?

    public init(shape: Shape, elementType: ElementType, quantization: Quantization? = nil) {
        self.shape = shape
        self.elementType = elementType
        self.quantization = quantization
    }
}
