import Tensors

/// A constant of the file, or a value of the network, under an order of its axes.
struct ONNXArrangement: Hashable {
    enum Source: Hashable {
        case constant(String)
        case value(ValueID)
    }

    var source: Source
    var permutation: [Int]
    /// The shape of a constant before it is permuted: the same name may be read under several.
    var extents: [Int] = []
}
