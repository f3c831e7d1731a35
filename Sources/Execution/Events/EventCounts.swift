/// What occurred in a network while it ran.
public struct EventCounts: Sendable, Hashable, Codable {
    /// Counts of one activation tensor over all cases.
    public struct Activation: Sendable, Hashable, Codable {
        /// Elements met.
        public var elements = 0
        /// Elements that stand for zero.
        public var zeros = 0
        /// Elements at an end of their format; 0 for reals.
        public var saturated = 0

        public init() {}

        /// The fraction of zeros; 0 when nothing was met.
        public var zeroFraction: Double { elements == 0 ? 0 : Double(zeros) / Double(elements) }
    }

    /// By the name of the value.
    public var activations: [String: Activation] = [:]
    /// By the name of the node, for layers with constant weights.
    public var layers: [String: LayerEvents] = [:]
    /// Cases met.
    public var cases = 0

    public init() {}

    /// Adds what occurred elsewhere.
    public mutating func merge(_ other: EventCounts) {
        cases += other.cases
        activations.merge(other.activations) { one, two in
            var sum = one
            sum.elements += two.elements
            sum.zeros += two.zeros
            sum.saturated += two.saturated
            return sum
        }
        layers.merge(other.layers) { $0.merged(with: $1) }
    }
}
