package import Tensors

extension Shape {
    /// The distance in elements between neighbours along each axis, row-major.
    package var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in (0..<rank).dropLast().reversed() { strides[axis] = strides[axis + 1] * self[axis + 1] }
        return strides
    }
}
