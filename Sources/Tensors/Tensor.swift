/// A dense array in row-major order.
public struct Tensor: Sendable, Hashable {
    /// The elements, in the type in which they are stored.
    public enum Elements: Sendable, Hashable {
        case float32([Float])
        case int8([Int8])
        case uint8([UInt8])
        case int16([Int16])
        case int32([Int32])
        case int64([Int64])

        public var count: Int {
            switch self {
            case .float32(let values): values.count
            case .int8(let values): values.count
            case .uint8(let values): values.count
            case .int16(let values): values.count
            case .int32(let values): values.count
            case .int64(let values): values.count
            }
        }

        public var type: ElementType {
            switch self {
            case .float32: .float32
            case .int8: .int8
            case .uint8: .uint8
            case .int16: .int16
            case .int32: .int32
            case .int64: .int64
            }
        }
    }

    public let shape: Shape
    public let elements: Elements

    /// - Precondition: as many elements as the shape asks for.
    public init(shape: Shape, elements: Elements) {
        precondition(elements.count == shape.elementCount, "\(elements.count) elements for a tensor of \(shape)")
        self.shape = shape
        self.elements = elements
    }

    public init(_ shape: Shape, _ values: [Float]) {
        self.init(shape: shape, elements: .float32(values))
    }

    public var elementType: ElementType { elements.type }

    /// The same elements under another shape of the same element count.
    public func reshaped(to shape: Shape) -> Tensor {
        Tensor(shape: shape, elements: elements)
    }
}
