extension Tensor.Elements {
    /// Elements of one type, one list behind the other.
    ///
    /// - Precondition: there is a list, and all are of its type.
    public init(joining lists: [Tensor.Elements]) {
        func joined<Element>(_ values: (Tensor.Elements) -> [Element]?) -> [Element] {
            lists.flatMap { list in
                guard let values = values(list) else { preconditionFailure("elements of several types") }
                return values
            }
        }
        switch lists[0].type {
        case .float32: self = .float32(joined { if case .float32(let values) = $0 { values } else { nil } })
        case .int8: self = .int8(joined { if case .int8(let values) = $0 { values } else { nil } })
        case .uint8: self = .uint8(joined { if case .uint8(let values) = $0 { values } else { nil } })
        case .int16: self = .int16(joined { if case .int16(let values) = $0 { values } else { nil } })
        case .int32: self = .int32(joined { if case .int32(let values) = $0 { values } else { nil } })
        case .int64: self = .int64(joined { if case .int64(let values) = $0 { values } else { nil } })
        }
    }

    /// Some neighbouring elements.
    public subscript(range: Range<Int>) -> Tensor.Elements {
        switch self {
        case .float32(let values): .float32(Array(values[range]))
        case .int8(let values): .int8(Array(values[range]))
        case .uint8(let values): .uint8(Array(values[range]))
        case .int16(let values): .int16(Array(values[range]))
        case .int32(let values): .int32(Array(values[range]))
        case .int64(let values): .int64(Array(values[range]))
        }
    }

    /// The elements' bytes as this machine stores them.
    public func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        switch self {
        case .float32(let values): try values.withUnsafeBytes(body)
        case .int8(let values): try values.withUnsafeBytes(body)
        case .uint8(let values): try values.withUnsafeBytes(body)
        case .int16(let values): try values.withUnsafeBytes(body)
        case .int32(let values): try values.withUnsafeBytes(body)
        case .int64(let values): try values.withUnsafeBytes(body)
        }
    }

    /// `count` elements as this machine stores them.
    public init(copying start: UnsafeRawPointer, count: Int, type: ElementType) {
        func values<Element: BitwiseCopyable>(_ type: Element.Type) -> [Element] {
            [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(
                    from: UnsafeRawBufferPointer(start: start, count: count * MemoryLayout<Element>.size))
                initialized = count
            }
        }
        switch type {
        case .float32: self = .float32(values(Float.self))
        case .int8: self = .int8(values(Int8.self))
        case .uint8: self = .uint8(values(UInt8.self))
        case .int16: self = .int16(values(Int16.self))
        case .int32: self = .int32(values(Int32.self))
        case .int64: self = .int64(values(Int64.self))
        }
    }
}
