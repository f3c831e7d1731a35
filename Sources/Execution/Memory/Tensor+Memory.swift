import Tensors

extension Tensor {
    /// The tensor whose elements start at `start`.
    init(copying start: UnsafeRawPointer, shape: Shape, type: ElementType) {
        self.init(shape: shape, elements: Elements(copying: start, count: shape.elementCount, type: type))
    }

    /// Writes the elements one after the other, as this machine stores them.
    func copyElements(to target: UnsafeMutableRawPointer) {
        elements.copy(to: target)
    }
}

extension Tensor.Elements {
    /// Writes the elements one after the other, as this machine stores them.
    func copy(to target: UnsafeMutableRawPointer) {
        withUnsafeBytes { source in
            if let start = source.baseAddress { target.copyMemory(from: start, byteCount: source.count) }
        }
    }
}
