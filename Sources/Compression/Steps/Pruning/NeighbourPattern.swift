/// At most so many of the neighbours along the reduction of an output channel are not zero, such as 2 of every 4.
public enum NeighbourPattern: String, Sendable, Hashable, Codable, CaseIterable {
    case oneOfTwo = "1:2"
    case oneOfFour = "1:4"
    case twoOfFour = "2:4"
    case oneOfEight = "1:8"
    case twoOfEight = "2:8"
    case fourOfEight = "4:8"
    case eightOfSixteen = "8:16"

    /// Neighbours of one block, from the first element of the reduction on; the last block may be shorter.
    public var size: Int {
        switch self {
        case .oneOfTwo: 2
        case .oneOfFour, .twoOfFour: 4
        case .oneOfEight, .twoOfEight, .fourOfEight: 8
        case .eightOfSixteen: 16
        }
    }

    /// Weights of a block that stay.
    public var kept: Int {
        switch self {
        case .oneOfTwo, .oneOfFour, .oneOfEight: 1
        case .twoOfFour, .twoOfEight: 2
        case .fourOfEight: 4
        case .eightOfSixteen: 8
        }
    }

    /// The mask that keeps the largest magnitudes of every block; of equals, the first.
    ///
    /// - Parameter filters: the groups of granularity `filter` of the weights.
    public func mask(of reals: [Double], filters: WeightGroups) -> WeightMask {
        var mask = WeightMask(elements: reals.count)
        for filter in 0..<filters.count {
            let first = filters.start(of: filter)
            for start in stride(from: 0, to: filters.offsets.count, by: size) {
                let places = filters.offsets[start..<min(start + size, filters.offsets.count)].map { first + $0 }
                let order = places.sorted { (-abs(reals[$0]), $0) < (-abs(reals[$1]), $1) }
                for place in order.dropFirst(kept) { mask.drop(place) }
            }
        }
        return mask
    }
}
