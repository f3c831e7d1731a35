import Tensors

/// The elements of a tensor that kernels read directly.
enum ShortElements {
    case int8(UnsafePointer<Int8>)
    case uint8(UnsafePointer<UInt8>)
    case int16(UnsafePointer<Int16>)
    case none
}

extension Tensor {
    /// Calls `body` with the elements of an 8-bit or 16-bit tensor.
    func withUnsafeShortElements<Value>(_ body: (ShortElements) -> Value) -> Value {
        switch elements {
        case .int8(let values): values.withUnsafeBufferPointer { body($0.baseAddress.map { .int8($0) } ?? .none) }
        case .uint8(let values): values.withUnsafeBufferPointer { body($0.baseAddress.map { .uint8($0) } ?? .none) }
        case .int16(let values): values.withUnsafeBufferPointer { body($0.baseAddress.map { .int16($0) } ?? .none) }
        case .float32, .int32, .int64: body(.none)
        }
    }
}

extension Tensor {
    /// Calls `body` with the elements of an 8-bit or 16-bit tensor as 16-bit integers.
    func withShorts<Value>(_ body: (UnsafePointer<Int16>?) -> Value) -> Value {
        let widened: [Int16] =
            switch elements {
            case .int8(let values): values.map(Int16.init)
            case .uint8(let values): values.map(Int16.init)
            case .int16(let values): values
            case .float32, .int32, .int64: []
            }
        return widened.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
