import Tensors

extension TFLiteModel {
    /// The elements of a tensor that has data in the file, or nil.
    func constant(_ tensor: TFLiteTensor) throws(FlatBufferFault) -> Tensor? {
        let range = try data(of: tensor)
        if range.isEmpty { return nil }
        guard let type = tensor.type.elementType else {
            throw FlatBufferFault(
                message: "constant '\(tensor.name)' has elements of type \(tensor.type), which is not supported",
                offset: tensor.offset)
        }
        guard range.count == tensor.shape.elementCount * type.byteCount else {
            throw FlatBufferFault(
                message: "constant '\(tensor.name)' of \(tensor.shape) \(type.rawValue) has \(range.count) bytes",
                offset: range.lowerBound)
        }
        try buffer.charge(range.count, at: range.lowerBound)
        return Tensor(shape: tensor.shape, elements: elements(range, of: type))
    }

    private func elements(_ range: Range<Int>, of type: ElementType) -> Tensor.Elements {
        switch type {
        case .float32: .float32(numbers(range, of: UInt32.self).map(Float.init(bitPattern:)))
        case .int8: .int8(numbers(range, of: Int8.self))
        case .uint8: .uint8(numbers(range, of: UInt8.self))
        case .int16: .int16(numbers(range, of: Int16.self))
        case .int32: .int32(numbers(range, of: Int32.self))
        case .int64: .int64(numbers(range, of: Int64.self))
        }
    }

    private func numbers<T: FixedWidthInteger>(_ range: Range<Int>, of type: T.Type) -> [T] {
        buffer.bytes.withUnsafeBytes { bytes in
            stride(from: range.lowerBound, to: range.upperBound, by: MemoryLayout<T>.size).map {
                T(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: T.self))
            }
        }
    }
}
