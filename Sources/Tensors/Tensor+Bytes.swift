public import Foundation

extension Tensor {
    /// The elements one after the other, least significant byte first.
    public var littleEndianBytes: Data {
        switch elements {
        case .float32(let values): Tensor.bytes(of: values.map { $0.bitPattern.littleEndian })
        case .int8(let values): Tensor.bytes(of: values)
        case .uint8(let values): Tensor.bytes(of: values)
        case .int16(let values): Tensor.bytes(of: values.map(\.littleEndian))
        case .int32(let values): Tensor.bytes(of: values.map(\.littleEndian))
        case .int64(let values): Tensor.bytes(of: values.map(\.littleEndian))
        }
    }

    /// Reads what `littleEndianBytes` writes.
    ///
    /// - Precondition: as many bytes as the shape and the type ask for.
    public init(shape: Shape, littleEndian bytes: Data, type: ElementType) {
        precondition(bytes.count == shape.elementCount * type.byteCount, "\(bytes.count) bytes for \(shape)")
        let elements: Elements
        switch type {
        case .float32:
            let patterns: [UInt32] = Tensor.values(in: bytes)
            elements = .float32(patterns.map { Float(bitPattern: UInt32(littleEndian: $0)) })
        case .int8: elements = .int8(Tensor.values(in: bytes))
        case .uint8: elements = .uint8(Tensor.values(in: bytes))
        case .int16: elements = .int16(Tensor.values(in: bytes).map(Int16.init(littleEndian:)))
        case .int32: elements = .int32(Tensor.values(in: bytes).map(Int32.init(littleEndian:)))
        case .int64: elements = .int64(Tensor.values(in: bytes).map(Int64.init(littleEndian:)))
        }
        self.init(shape: shape, elements: elements)
    }

    private static func bytes<Element: FixedWidthInteger>(of values: [Element]) -> Data {
        values.withUnsafeBytes { Data($0) }
    }

    private static func values<Element: FixedWidthInteger>(in bytes: Data) -> [Element] {
        let count = bytes.count / MemoryLayout<Element>.size
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            _ = bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }
}
