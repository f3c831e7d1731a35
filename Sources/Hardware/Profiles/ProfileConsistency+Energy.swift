import Quantities

extension ProfileConsistency {
    /// The facts of the supply rail: each point complete, and enough known to carry it to the board's own supply.
    mutating func checkEnergy(_ device: ProfileSection) {
        guard let energy = device.section("energy") else { return }
        if let leaf = energy.leaf("efficiency"), case .count(let thousandths) = leaf.value,
            !(1...1000).contains(thousandths)
        {
            fault("the efficiency of a regulator is more than 0 and at most 1", at: leaf.location)
        }
        let regulator = energy.leaf("regulator")?.value
        for entry in energy.section("rail")?.entries ?? [] {
            guard case .section(let point) = entry.tree else { continue }
            let has = ["power", "current"].filter { point.leaf($0) != nil }
            if has.count != 1 {
                fault("the rail point '\(entry.key)' needs either 'power' or 'current'", at: point.location)
            }
            if has == ["current"], point.leaf("supply") == nil, energy.leaf("supply") == nil {
                fault("a current of the rail says nothing without 'supply'", at: point.location)
            }
            guard let other = point.leaf("regulator")?.value, let regulator, other != regulator else { continue }
            for (key, place) in [("supply", "supply"), ("coreVoltage", "coreVoltage")]
            where point.leaf(key) == nil && energy.leaf(place) == nil {
                fault(
                    "'\(entry.key)' was measured with another regulator than the board's: '\(key)' is needed to compare",
                    at: point.location)
            }
        }
    }
}
