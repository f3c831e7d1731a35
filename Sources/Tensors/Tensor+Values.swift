extension Tensor {
    /// The elements as float32, integers converted by value.
    public var floats: [Float] {
        switch elements {
        case .float32(let values): values
        case .int8(let values): values.map(Float.init)
        case .uint8(let values): values.map(Float.init)
        case .int16(let values): values.map(Float.init)
        case .int32(let values): values.map(Float.init)
        case .int64(let values): values.map(Float.init)
        }
    }

    /// The elements as integers, or nil for a float32 tensor.
    public var integers: [Int]? {
        switch elements {
        case .float32: nil
        case .int8(let values): values.map(Int.init)
        case .uint8(let values): values.map(Int.init)
        case .int16(let values): values.map(Int.init)
        case .int32(let values): values.map(Int.init)
        case .int64(let values): values.map(Int.init)
        }
    }

    /// A tensor that stores `integers` in `type`, or nil when one does not fit or the type is not an integer type.
    public init?(_ shape: Shape, integers: [Int], storedAs type: ElementType) {
        switch type {
        case .float32: return nil
        case .int8:
            guard let values = Tensor.narrowed(integers, to: Int8.self) else { return nil }
            self.init(shape: shape, elements: .int8(values))
        case .uint8:
            guard let values = Tensor.narrowed(integers, to: UInt8.self) else { return nil }
            self.init(shape: shape, elements: .uint8(values))
        case .int16:
            guard let values = Tensor.narrowed(integers, to: Int16.self) else { return nil }
            self.init(shape: shape, elements: .int16(values))
        case .int32:
            guard let values = Tensor.narrowed(integers, to: Int32.self) else { return nil }
            self.init(shape: shape, elements: .int32(values))
        case .int64:
            self.init(shape: shape, elements: .int64(integers.map(Int64.init)))
        }
    }

    private static func narrowed<T: FixedWidthInteger>(_ integers: [Int], to type: T.Type) -> [T]? {
        var values: [T] = []
        values.reserveCapacity(integers.count)
        for integer in integers {
            guard let value = T(exactly: integer) else { return nil }
            values.append(value)
        }
        return values
    }
}
