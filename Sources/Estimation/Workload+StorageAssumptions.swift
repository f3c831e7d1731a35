import Workloads

extension Workload {
    /// What every model takes for granted of weights that are not stored element by element.
    var storageAssumptions: [String] {
        let weights = layers.compactMap(\.weights)
        let (coded, composed) = (weights.count(where: \.isEntropyCoded), weights.count { $0.storage == .composed })
        return [
            coded > 0
                ? "The weights of \(coded) layers are Huffman words; no cycles are counted for finding their ends."
                : nil,
            composed > 0
                ? "The weights of \(composed) layers are composed from tables or parameters, an element at the cost of one read."
                : nil,
        ].compactMap(\.self)
    }
}
