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
        let order = buffers.indices.sorted { (buffers[$0].firstLayer, $0) < (buffers[$1].firstLayer, $1) }
        var sets: [LiveSet] = []
        var live: [Int] = []
        var next = 0
        while next < order.count {
            let layer = buffers[order[next]].firstLayer
            live.removeAll { buffers[$0].lastLayer < layer }
            while next < order.count, buffers[order[next]].firstLayer == layer {
                live.append(order[next])
                next += 1
            }
            live.sort()
            sets.append(LiveSet(layer: layer, buffers: live, bytes: live.reduce(0) { $0 + extent(of: buffers[$1]) }))
        }
        return sets
    }

    /// For each buffer, the ranks of the layers at which some buffer begins to live and this one lives: two buffers are
    /// live together exactly when they share a rank.
    var steps: [ClosedRange<Int>] {
        let layers = Set(buffers.map(\.firstLayer)).sorted()
        func rank(after layer: Int) -> Int {
            var (low, high) = (0, layers.count)
            while low < high {
                let middle = (low + high) / 2
                if layers[middle] <= layer { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return buffers.map { rank(after: $0.firstLayer) - 1...rank(after: $0.lastLayer) - 1 }
    }
}
