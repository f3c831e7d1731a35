public import Tensors
public import Workloads

/// How the elements of a weight tensor fall into groups that are zero or stored together.
///
/// Group `g` starts at element `g / inner * outerStride + g % inner * innerStride`; its members lie at fixed offsets from there. A
/// kernel of one element, as in a fully connected layer, is its own row. A column of a grouped convolution is that of all its
/// groups. Blocks that do not tile outputs and inputs are single elements.
public struct WeightGroups: Sendable, Hashable {
    /// Groups of the tensor.
    public let count: Int
    /// Offsets of a group's members from its first, ascending.
    public let offsets: [Int]
    private let inner: Int
    private let innerStride: Int
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
            let filter = shape[1] * shape[2] * shape[3]
            self.init(elements, size: shape[1] * shape[2], stride: shape[3], inner: shape[3], outerStride: filter)
        case (.convolution, .filter), (.fullyConnected, .filter):
            let size = shape.rank == 0 || shape[0] == 0 ? 1 : elements / shape[0]
            self.init(elements, size: size, stride: 1, inner: 1, outerStride: size)
        case (.convolution, .column), (.fullyConnected, .column):
            let length = shape.rank == 0 || shape[0] == 0 ? 1 : elements / shape[0]
            let outputs = (0..<elements / max(length, 1)).map { $0 * length }
            self.init(elements, offsets: outputs, inner: length, innerStride: 1, outerStride: elements)
        case (.convolution, _), (.fullyConnected, _):
            let length = shape.rank < 2 || shape[0] == 0 ? 1 : elements / shape[0]
            guard let block = granularity.block, shape.rank > 1, shape[0] % block.outputs == 0,
                shape[shape.rank - 1] % block.inputs == 0
            else {
                self.init(elements, size: 1, stride: 1, inner: max(elements, 1), outerStride: elements)
                return
            }
            let offsets = (0..<block.outputs).flatMap { row in (0..<block.inputs).map { row * length + $0 } }
            self.init(
                elements, offsets: offsets, inner: length / block.inputs, innerStride: block.inputs,
                outerStride: block.outputs * length)
        case (.depthwise, _), (.pooling, _), (.elementwise, _), (.transcendental, _), (.dataMovement, _), (.free, _):
            self.init(elements, size: 1, stride: 1, inner: max(elements, 1), outerStride: elements)
        }
    }

    private init(_ elements: Int, size: Int, stride: Int, inner: Int, outerStride: Int) {
        self.init(
            elements, offsets: (0..<size).map { $0 * stride }, inner: inner, innerStride: 1, outerStride: outerStride)
    }

    private init(_ elements: Int, offsets: [Int], inner: Int, innerStride: Int, outerStride: Int) {
        count = offsets.isEmpty ? 0 : elements / offsets.count
        self.offsets = offsets
        self.inner = max(inner, 1)
        self.innerStride = innerStride
        self.outerStride = outerStride
    }

    /// The place of the group's first element.
    public func start(of group: Int) -> Int {
        group / inner * outerStride + group % inner * innerStride
    }
}
