import Tensors

extension Workload {
    /// Fills in the live channels of every layer from the output channels whose weights are all zero.
    ///
    /// A channel is followed through layers that treat channels one by one; where channels mix, change places or are
    /// padded, all count as live again. The last axis of a tensor is its channels. Layers without dead channels keep nil.
    ///
    /// - Parameter zeroFilters: for a layer, by index, whether the weights of each of its output channels are all zero.
    public mutating func markLiveChannels(zeroFilters: [Int: [Bool]]) {
        guard zeroFilters.values.contains(where: { $0.contains(true) }) else { return }
        var dead: [Int: [Bool]] = [:]
        for index in layers.indices {
            let layer = layers[index]
            guard let output = layer.outputs.first else { continue }
            let inputs = layer.inputs.map { dead[$0] ?? live(tensors[$0].channels) }
            let masks = deadOutputs(of: layer, inputs: inputs, zeroFilters: zeroFilters[index])
            if masks.contains(true) { dead[output] = masks }
            let (read, written) = (inputs.first ?? [], masks)
            guard read.contains(true) || written.contains(true) else { continue }
            layers[index].liveChannels = LiveChannels(
                inputs: read.count { !$0 }, outputs: written.count { !$0 })
        }
    }

    private func live(_ channels: Int) -> [Bool] {
        [Bool](repeating: false, count: channels)
    }

    /// Whether each channel that a layer writes is constant, given those that it reads.
    private func deadOutputs(of layer: WorkloadLayer, inputs: [[Bool]], zeroFilters: [Bool]?) -> [Bool] {
        let channels = layer.outputs.first.map { tensors[$0].channels } ?? 0
        let first = inputs.first ?? []
        let zero = zeroFilters?.count == channels ? zeroFilters : nil
        switch layer.computeClass {
        case .convolution, .fullyConnected, .depthwise:
            let groups = max(1, layer.loops.groups)
            guard channels % groups == 0, first.count % groups == 0 else { return zero ?? live(channels) }
            let (wide, narrow) = (channels / groups, first.count / groups)
            return (0..<channels).map { channel in
                let fed = first[(channel / max(1, wide) * narrow)..<((channel / max(1, wide) + 1) * narrow)]
                return zero?[channel] == true || !fed.contains(false)
            }
        case .pooling:
            return first.count == channels ? first : live(channels)
        case .elementwise:
            guard inputs.allSatisfy({ $0.count == channels }) else { return live(channels) }
            return (0..<channels).map { channel in inputs.allSatisfy { $0[channel] } }
        case .free:
            guard !first.isEmpty, channels % first.count == 0 else { return live(channels) }
            return (0..<channels).map { first[$0 % first.count] }
        case .transcendental, .dataMovement:
            return live(channels)
        }
    }
}

extension TensorFootprint {
    /// Extent of the last axis.
    fileprivate var channels: Int { shape.extents.last ?? 1 }
}
