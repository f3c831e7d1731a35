extension OptionTables {
    /// The candidate that takes option `choice[i]` of layer `i`.
    func candidate(_ choice: [Int]) -> Candidate {
        Candidate(
            assignments: zip(layers, choice).map { layer, option in
                Candidate.Assignment(layer: layer.name, choice: layer.options[option].choice)
            })
    }
}

extension CostVector {
    /// The amount that a budget on `resource` limits.
    func amount(of resource: OptionTables.Resource) -> Int64 {
        switch resource {
        case .latency: cycles
        case .energy: femtojoules
        case .flash: flashBytes
        case .ram: liveBytes.max() ?? 0
        }
    }
}
