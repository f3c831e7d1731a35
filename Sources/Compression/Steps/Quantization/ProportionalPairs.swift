import Networks
import Tensors

/// Two layers between which channels can be scaled: what the first writes reaches the second alone, through operators that
/// keep channels apart and proportions.
struct ProportionalPair {
    /// Places in the network.
    var first: Int
    var second: Int
    /// Output channels of the first.
    var channels: Int
}

extension Network {
    /// The layer that a layer's channels reach in this way, or nil when there is a branch, another operator or an output.
    func proportionalPair(from first: Int) -> ProportionalPair? {
        let node = nodes[first]
        guard let weights = node.weights, let patches = LayerPatches(node, in: self), self[weights].constant != nil,
            (node.operation as? any ActivatedOperator)?.activation.keepsProportions ?? false
        else { return nil }
        let (consumers, outputs) = (self.consumers, Set(self.outputs))
        let channels = patches.groups * patches.groupOutputs
        var value = node.outputs[0]
        while !outputs.contains(value), let readers = consumers[value], readers.count == 1,
            self[value].shape.elementCount % channels == 0
        {
            let reader = nodes[readers[0]]
            let lastAxis = self[value].shape.extents.last
            if reader.weights != nil {
                guard reader.inputs[0] == value, let id = reader.weights, self[id].constant != nil,
                    let next = LayerPatches(reader, in: self)
                else { return nil }
                let fits = reader.operation is FullyConnected ? next.columns % channels == 0 : lastAxis == channels
                return fits ? ProportionalPair(first: first, second: readers[0], channels: channels) : nil
            }
            guard let operation = reader.operation as? any ProportionalOperator,
                reader.operation is Reshape || lastAxis == channels,
                operation.keepsProportions(ofImage: self[value].shape)
            else { return nil }
            value = reader.outputs[0]
        }
        return nil
    }
}

extension LayerPatches {
    /// The channel of an input of `channels` that a column of a group multiplies.
    func inputChannel(ofColumn column: Int, group: Int, channels: Int) -> Int {
        let depth = channels / max(groups, 1)
        return groups == 1 ? column % channels : group * depth + column % depth
    }
}
