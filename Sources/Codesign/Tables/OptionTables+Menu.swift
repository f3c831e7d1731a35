extension OptionTables {
    /// The choices of each layer that no other option of the layer equals or betters in damage and in every cost.
    package var undominatedMenu: [[LayerChoice]] {
        layers.map { layer in
            let keys = layer.options.map(\.key)
            return layer.options.indices.filter { index in
                !keys.indices.contains { other in
                    other != index && zip(keys[other], keys[index]).allSatisfy { $0 <= $1 }
                        && (keys[other] != keys[index] || other < index)
                }
            }.map { layer.options[$0].choice }
        }
    }
}

extension OptionTables.Option {
    /// Damage and costs; memory by its sum over the steps.
    fileprivate var key: [Int64] {
        [damage, cost.cycles, cost.femtojoules, cost.flashBytes, cost.liveBytes.reduce(0, +)]
    }
}
