import FixedPoint
public import Networks
import Tensors

/// The range of one activation over a data set, after Fig. 3 of the survey: its mean extent a case, and the integer bits it asks.
public struct ActivationRange: Sendable, Hashable, Codable {
    /// The smallest and largest element of all cases.
    public private(set) var minimum = Float.infinity
    public private(set) var maximum = -Float.infinity
    /// Sums over the cases of each case's smallest and largest element.
    private var minimumSum = 0.0
    private var maximumSum = 0.0
    public private(set) var cases = 0

    public init() {}

    /// Adds one case.
    public mutating func record(_ elements: [Float]) {
        guard let low = elements.min(), let high = elements.max() else { return }
        minimum = min(minimum, low)
        maximum = max(maximum, high)
        minimumSum += Double(low)
        maximumSum += Double(high)
        cases += 1
    }

    /// The mean over the cases of largest minus smallest element; 0 without cases.
    public var meanRange: Double { cases == 0 ? 0 : (maximumSum - minimumSum) / Double(cases) }

    /// Integer bits of a fixed-point format that holds every element, its sign included: `ceil(log2(largest magnitude)) + 1`.
    public var integerBits: Int {
        let largest = max(abs(Double(minimum)), abs(Double(maximum)))
        return cases > 0 && largest.isFinite ? DynamicFixedPoint.integerBits(reaching: largest) : 1
    }
}

extension ActivationObserver {
    /// The range of every activation of `network`, by the name of its value.
    public func ranges(of network: Network) throws -> [String: ActivationRange] {
        let ids = network.values.indices.map(ValueID.init).filter { network[$0].constant == nil }
        var ranges = ids.map { _ in ActivationRange() }
        try observe(ids, of: network) { tensors in
            for (place, tensor) in tensors.enumerated() { ranges[place].record(tensor.floats) }
        }
        return Dictionary(
            zip(ids.map { network[$0].name }, ranges), uniquingKeysWith: { first, _ in first })
    }
}
