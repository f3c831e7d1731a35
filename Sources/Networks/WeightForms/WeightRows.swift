public import Tensors

/// The integer weights of a layer as one row for each output channel, in the order of the channel's products.
public struct WeightRows: Sendable, Hashable {
    /// Row after row.
    public let elements: [Int]
    public let count: Int
    /// Elements of a row.
    public let depth: Int

    /// - Precondition: `count` rows of `depth` elements.
    public init(elements: [Int], count: Int, depth: Int) {
        precondition(elements.count == count * depth, "\(elements.count) weights for \(count) rows of \(depth)")
        self.elements = elements
        self.count = count
        self.depth = depth
    }

    /// The rows of a constant whose `axis` counts output channels, or nil for reals.
    public init?(_ constant: Tensor, outputAxis axis: Int) {
        guard let integers = constant.integers, axis >= 0, axis < constant.shape.rank else { return nil }
        self.init(integers, shape: constant.shape, outputAxis: axis)
    }

    /// The rows of integers in the order of a tensor whose `axis` counts output channels.
    package init(_ integers: [Int], shape: Shape, outputAxis axis: Int) {
        let (inner, extent) = (shape.strides[axis], shape[axis])
        let depth = extent == 0 ? 0 : integers.count / extent
        var elements = integers
        if axis != 0 {
            for (place, element) in integers.enumerated() {
                let within = place / (inner * extent) * inner + place % inner
                elements[place / inner % extent * depth + within] = element
            }
        }
        self.init(elements: elements, count: extent, depth: depth)
    }

    /// The rows of a node's weights, or nil for a node without constant integer weights.
    public init?(of node: Node, in network: Network) {
        guard let axis = LayerParameters.outputAxis(of: node.operation), let id = node.weights,
            let constant = network[id].constant
        else { return nil }
        self.init(constant, outputAxis: axis)
    }
}
