/// The points that no other point is at least as good as in every objective; all objectives are minimised.
///
/// The points stand in lexicographic order of their objectives, whatever the order in which they came, except that
/// of points with equal objectives the first to come is kept.
public struct ParetoFront<Value: Comparable & Hashable & Sendable, Payload: Sendable>: Sendable {
    /// A point of the front.
    public struct Point: Sendable {
        /// The values to be minimised.
        public let objectives: [Value]
        /// What has these values.
        public let payload: Payload
    }

    /// The points in lexicographic order of their objectives.
    public private(set) var points: [Point] = []

    /// Makes an empty front.
    public init() {}

    /// Enters a point unless one of the front is at least as good in everything, and drops those that it beats.
    @discardableResult
    public mutating func insert(_ objectives: [Value], _ payload: Payload) -> Bool {
        precondition(points.first.map { $0.objectives.count == objectives.count } ?? true, "another dimension")
        guard !dominates(objectives) else { return false }
        points.removeAll { Self.isNoWorse(objectives, $0.objectives) }
        let index = points.firstIndex { objectives.lexicographicallyPrecedes($0.objectives) } ?? points.count
        points.insert(Point(objectives: objectives, payload: payload), at: index)
        return true
    }

    /// Whether some point of the front is at least as good as these objectives in everything.
    public func dominates(_ objectives: [Value]) -> Bool {
        points.contains { Self.isNoWorse($0.objectives, objectives) }
    }

    private static func isNoWorse(_ left: [Value], _ right: [Value]) -> Bool {
        zip(left, right).allSatisfy { $0 <= $1 }
    }
}
