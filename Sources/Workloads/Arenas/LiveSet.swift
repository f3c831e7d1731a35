/// The buffers needed at the same time, during one layer.
public struct LiveSet: Sendable, Hashable, Codable {
    /// Index of the layer.
    public var layer: Int
    /// Indices of the live buffers in the arena problem, ascending.
    public var buffers: [Int]
    /// Their bytes together, each rounded to the alignment.
    public var bytes: Int
}

extension ArenaProblem {
    /// What is live during each layer at which a buffer begins to live, in layer order.
    ///
    /// Layers in between add nothing: what is live there is part of an earlier set.
    public var liveSets: [LiveSet] {
        Set(buffers.map(\.firstLayer)).sorted().map { layer in
            let live = buffers.indices.filter { buffers[$0].firstLayer <= layer && layer <= buffers[$0].lastLayer }
            return LiveSet(layer: layer, buffers: live, bytes: live.reduce(0) { $0 + extent(of: buffers[$1]) })
        }
    }
}
