import FixedPoint
public import Networks
import Tensors

/// What occurred in the activations of a network while it ran, by the name of the value.
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

    public var activations: [String: Activation] = [:]
    /// Cases met.
    public var cases = 0

    public init() {}

    /// The fraction of zeros of every activation.
    public var zeroFractions: [String: Double] { activations.mapValues(\.zeroFraction) }

    /// Counts one case.
    public mutating func count(_ trace: Trace, of network: Network) {
        cases += 1
        for value in network.values where value.constant == nil {
            guard let tensor = trace[value.name] else { continue }
            var counts = activations[value.name] ?? Activation()
            counts.elements += tensor.shape.elementCount
            if let integers = tensor.integers {
                let zero = value.quantization?.zeroPoint ?? 0
                counts.zeros += integers.count { $0 == zero }
                if let format = value.quantization?.format {
                    let ends = (format.minimum, format.maximum)
                    counts.saturated += integers.count { $0 == ends.0 || $0 == ends.1 }
                }
            } else {
                counts.zeros += tensor.floats.count { $0 == 0 }
            }
            activations[value.name] = counts
        }
    }

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
    }
}
