import Networks
import Tensors

/// Which groups of weights have the least sum of magnitudes.
struct MagnitudeQuota {
    let groups: WeightGroups
    /// The sum of magnitudes of every group.
    let saliencies: [Double]
    private let elements: Int

    init(_ reals: [Double], groups: WeightGroups) {
        self.groups = groups
        elements = reals.count
        saliencies = (0..<groups.count).map { group in
            let start = groups.start(of: group)
            return groups.offsets.reduce(0) { $0 + abs(reals[start + $1]) }
        }
    }

    /// The mask that keeps so many groups; of equals, those that come first.
    func mask(keeping kept: Int) -> WeightMask {
        mask(dropping: saliencies.fallingOrder[kept...])
    }

    /// The mask that keeps the groups whose mean magnitude is at least `limit`.
    func mask(from limit: Double) -> WeightMask {
        let size = Double(max(groups.offsets.count, 1))
        return mask(dropping: saliencies.indices.filter { saliencies[$0] < limit * size })
    }

    func mask(dropping dropped: some Sequence<Int>) -> WeightMask {
        var mask = WeightMask(elements: elements)
        for group in dropped { mask.drop(group: group, of: groups) }
        return mask
    }

    /// The masks of several layers that together keep the groups with the largest mean magnitudes, and of every layer at least
    /// its largest group; of equals, those that come first.
    ///
    /// - Parameter density: part of all weights that stays.
    static func masks(of layers: [MagnitudeQuota], density: Double) -> [WeightMask] {
        var entries: [(mean: Double, layer: Int, group: Int)] = []
        for (index, layer) in layers.enumerated() {
            let size = Double(max(layer.groups.offsets.count, 1))
            entries += layer.saliencies.enumerated().map { ($1 / size, index, $0) }
        }
        entries.sort { (-$0.mean, $0.layer, $0.group) < (-$1.mean, $1.layer, $1.group) }
        let budget = (density * Double(layers.reduce(0) { $0 + $1.elements })).rounded()
        var (dropped, kept, seen): ([[Int]], Int, Set<Int>) = (layers.map { _ in [] }, 0, [])
        for entry in entries {
            let size = layers[entry.layer].groups.offsets.count
            if Double(kept + size) <= budget || seen.insert(entry.layer).inserted {
                seen.insert(entry.layer)
                kept += size
            } else {
                dropped[entry.layer].append(entry.group)
            }
        }
        return zip(layers, dropped).map { $0.mask(dropping: $1) }
    }
}
