import Tensors

extension TFLiteModel {
    /// The elements of a tensor that has data in the file, or nil.
    func constant(_ tensor: TFLiteTensor) throws(FlatBufferFault) -> Tensor? {
        if let source = dequantized[tensor.index] { return try reals(tensors[source]) }
        let range = try data(of: tensor)
        if range.isEmpty { return nil }
        guard let type = tensor.type.elementType else {
            throw FlatBufferFault(
                message: "constant '\(tensor.name)' has elements of type \(tensor.type), which is not supported",
                offset: tensor.offset)
        }
        try checkSize(of: tensor, elementSize: type.byteCount, range)
        return Tensor(shape: tensor.shape, elements: elements(range, of: type))
    }

    /// The reals of a constant that is dequantized: float16 as float32, integers by their scale.
    private func reals(_ tensor: TFLiteTensor) throws(FlatBufferFault) -> Tensor? {
        if tensor.type == .float16 {
            let range = try data(of: tensor)
            try checkSize(of: tensor, elementSize: 2, range)
            return Tensor(tensor.shape, numbers(range, of: UInt16.self).map { Float(Float16(bitPattern: $0)) })
        }
        guard let constant = try constant(tensor) else { return nil }
        guard let quantization = tensor.quantization else {
            throw FlatBufferFault(message: "constant '\(tensor.name)' has no scale", offset: tensor.offset)
        }
        return Tensor(tensor.shape, Operand(constant, quantization: quantization).reals)
    }

    private func checkSize(
        of tensor: TFLiteTensor, elementSize: Int, _ range: Range<Int>
    ) throws(FlatBufferFault) {
        guard range.count == tensor.shape.elementCount * elementSize else {
            throw FlatBufferFault(
                message: "constant '\(tensor.name)' of \(tensor.shape) \(tensor.type) has \(range.count) bytes",
                offset: range.lowerBound)
        }
        try buffer.charge(range.count, at: range.lowerBound)
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
