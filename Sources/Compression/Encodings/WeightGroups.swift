public import Tensors
public import Workloads

/// How the elements of a weight tensor fall into groups that are zero or stored together.
///
/// Group `g` starts at element `g / inner * outerStride + g % inner`; its members lie at fixed offsets from there. A kernel of
/// one element, as in a fully connected layer, is its own row.
public struct WeightGroups: Sendable, Hashable {
    /// Groups of the tensor.
    public let count: Int
    /// Offsets of a group's members from its first, ascending.
    public let offsets: [Int]
    private let inner: Int
    private let outerStride: Int

    /// - Parameter computeClass: that of the layer, which says which axes are channels.
    public init(shape: Shape, computeClass: ComputeClass, granularity: Granularity) {
        let elements = shape.elementCount
        switch (computeClass, granularity) {
        case (.convolution, .vector) where shape.rank == 4:
            let row = shape[2] * shape[3]
            self.init(elements, size: shape[2], stride: shape[3], inner: shape[3], outerStride: row)
        case (.convolution, .kernel) where shape.rank == 4:
            let filter = shape[1] * shape[2] * shape[3]
            self.init(elements, size: shape[1] * shape[2], stride: shape[3], inner: shape[3], outerStride: filter)
        case (.depthwise, .vector) where shape.rank == 4:
            let row = shape[2] * shape[3]
            self.init(elements, size: shape[2], stride: shape[3], inner: shape[3], outerStride: row)
        case (.depthwise, .kernel) where shape.rank == 4, (.depthwise, .filter) where shape.rank == 4:
            self.init(elements, size: shape[1] * shape[2], stride: shape[3], inner: shape[3], outerStride: elements)
        case (.convolution, .filter), (.fullyConnected, .filter):
            let size = shape.rank == 0 || shape[0] == 0 ? 1 : elements / shape[0]
            self.init(elements, size: size, stride: 1, inner: 1, outerStride: size)
        case (_, _):
            self.init(elements, size: 1, stride: 1, inner: max(elements, 1), outerStride: elements)
        }
    }

    private init(_ elements: Int, size: Int, stride: Int, inner: Int, outerStride: Int) {
        count = size == 0 ? 0 : elements / size
        offsets = (0..<size).map { $0 * stride }
        self.inner = max(inner, 1)
        self.outerStride = outerStride
    }

    /// The place of the group's first element.
    public func start(of group: Int) -> Int {
        group / inner * outerStride + group % inner
    }
}
