/// How a layer that multiplies runs on the cells of a spatial array.
public enum SpatialMapping: Sendable, Hashable, Codable {
    case rowStationary(RowStationaryMapping)
    case loopNest(LoopMapping)
}

/// What a mapping search can say of its result.
public struct MappingProof: Sendable, Hashable, Codable {
    /// Mappings of the declared space, the result of the closed form that counts them; a float, as they may be many.
    public var represented: Double
    /// Bound below which no mapping of the space lies, in the search's cost.
    public var lowerBound: Double
    /// Cost of the mapping found.
    public var cost: Double

    public init(represented: Double, lowerBound: Double, cost: Double) {
        self.represented = represented
        self.lowerBound = lowerBound
        self.cost = cost
    }

    /// `true` when no mapping of the declared space is cheaper.
    public var isOptimal: Bool { cost <= lowerBound * (1 + 1e-12) }

    /// How far the result may be above the optimum: 0 when it is optimal.
    public var gap: Double { isOptimal || lowerBound <= 0 ? (isOptimal ? 0 : .infinity) : cost / lowerBound - 1 }
}
