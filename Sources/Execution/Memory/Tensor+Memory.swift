import Tensors

extension Tensor {
    /// The tensor whose elements start at `start`.
    init(copying start: UnsafeRawPointer, shape: Shape, type: ElementType) {
        func values<Element>(_ type: Element.Type) -> [Element] {
            let source = start.assumingMemoryBound(to: type)
            return [Element](UnsafeBufferPointer(start: source, count: shape.elementCount))
        }
        let elements: Elements =
            switch type {
            case .float32: .float32(values(Float.self))
            case .int8: .int8(values(Int8.self))
            case .uint8: .uint8(values(UInt8.self))
            case .int16: .int16(values(Int16.self))
            case .int32: .int32(values(Int32.self))
            case .int64: .int64(values(Int64.self))
            }
        self.init(shape: shape, elements: elements)
    }

    /// Writes the elements one after the other, as this machine stores them.
    func copyElements(to target: UnsafeMutableRawPointer) {
        func copy<Element: BitwiseCopyable>(_ values: [Element]) {
            values.withUnsafeBytes { source in
                if let start = source.baseAddress { target.copyMemory(from: start, byteCount: source.count) }
            }
        }
        switch elements {
        case .float32(let values): copy(values)
        case .int8(let values): copy(values)
        case .uint8(let values): copy(values)
        case .int16(let values): copy(values)
        case .int32(let values): copy(values)
        case .int64(let values): copy(values)
        }
    }
}
