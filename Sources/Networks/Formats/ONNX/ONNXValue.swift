import Tensors

/// What a name of an ONNX graph stands for while it is translated.
enum ONNXValue {
    /// Elements known now, in the axis order of the file.
    case constant(ONNXConstant)
    /// A value of the network that is being built.
    case edge(ONNXEdge)
}

/// A tensor of the file, or one computed from such tensors.
struct ONNXConstant {
    var name: String
    var tensor: Tensor
}

/// A value of the network with the order in which it stores the axes of the file's tensor.
struct ONNXEdge {
    var id: ValueID
    /// `order[k]` is the file's axis that is stored as axis `k`.
    var order: [Int]
}

/// Orders of stored axes.
enum ONNXOrder {
    /// The order of the file.
    static func identity(_ rank: Int) -> [Int] {
        Array(0..<rank)
    }

    /// Axis 1, the channels of the file, innermost.
    static func channelsLast(_ rank: Int) -> [Int] {
        rank < 2 ? identity(rank) : [0] + Array(2..<rank) + [1]
    }
}
