import Diagnostics
import Tensors

/// An image of the file with a height: a line of the file is an image of height 1.
struct ONNXImage {
    let value: ONNXValue
    /// Whether the file knows the width only.
    let isLine: Bool
    /// The order in which its axes are stored.
    let order: [Int]

    /// - Parameter order: that operators on images expect.
    init(
        _ value: ONNXValue, order: [Int] = ONNXOrder.channelsLast(4), in translation: inout ONNXTranslation
    ) throws {
        let rank = translation.logicalShape(of: value).count
        guard rank == 3 || rank == 4 else {
            throw Diagnostic("an image of \(rank) axes; only images of 3 or 4 axes are supported")
        }
        isLine = rank == 3
        self.order = order
        let height = order == ONNXOrder.identity(4) ? 1 : 2
        self.value = try isLine ? translation.inserted(height, into: value) : value
    }

    /// An image that an operator wrote, with the axes of the file.
    func result(_ id: ValueID, in translation: inout ONNXTranslation) throws -> ONNXValue {
        let edge = ONNXValue.edge(ONNXEdge(id: id, order: order))
        return try isLine ? translation.removed(order == ONNXOrder.identity(4) ? 1 : 2, from: edge) : edge
    }
}

extension ONNXTranslation {
    /// The value with an axis of extent 1 at `axis` of the file's order.
    mutating func inserted(_ axis: Int, into value: ONNXValue) throws -> ONNXValue {
        var extents = logicalShape(of: value)
        extents.insert(1, at: min(axis, extents.count))
        switch value {
        case .constant(var constant):
            constant.tensor = constant.tensor.reshaped(to: Shape(extents))
            return .constant(constant)
        case .edge(let edge):
            var order = edge.order.map { $0 >= axis ? $0 + 1 : $0 }
            order.insert(axis, at: min(axis, order.count))
            if let fixed = try fixed(edge.id, reshapedTo: Shape(order.map { extents[$0] })) {
                return .edge(ONNXEdge(id: fixed, order: order))
            }
            return .edge(ONNXEdge(id: try reshapedEdge(edge.id, to: order.map { extents[$0] }), order: order))
        }
    }

    /// The value without `axis` of the file's order, which has extent 1.
    mutating func removed(_ axis: Int, from value: ONNXValue) throws -> ONNXValue {
        var extents = logicalShape(of: value)
        extents.remove(at: axis)
        switch value {
        case .constant(var constant):
            constant.tensor = constant.tensor.reshaped(to: Shape(extents))
            return .constant(constant)
        case .edge(let edge):
            let order = edge.order.filter { $0 != axis }.map { $0 > axis ? $0 - 1 : $0 }
            return .edge(ONNXEdge(id: try reshapedEdge(edge.id, to: order.map { extents[$0] }), order: order))
        }
    }

    private mutating func reshapedEdge(_ id: ValueID, to extents: [Int]) throws -> ValueID {
        let name = network[id].name
        return try emitMove(
            Reshape(shape: Shape(extents)), [id], node: "reshape_\(name)", value: "\(name).reshaped")
    }
}
