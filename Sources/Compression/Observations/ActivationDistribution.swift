/// A histogram of real numbers that grows with what it meets and never depends on the order in which it met them.
///
/// Bin `i` of `counts` holds the numbers `x` with `floor(x / 2^exponent) = i - binCount / 2`. The exponent is the smallest
/// at which everything met has a bin.
public struct ActivationDistribution: Sendable, Hashable, Codable {
    public static let binCount = 2048
    private static let half = binCount / 2
    private static let smallestExponent = -100

    /// The smallest and largest finite number met; 0 when none was.
    public private(set) var minimum: Float = 0
    public private(set) var maximum: Float = 0
    /// Finite numbers met.
    public private(set) var count = 0
    /// Numbers met that are infinite or not numbers.
    public private(set) var nonFiniteCount = 0
    /// Finite numbers met that are exactly zero.
    public private(set) var zeroCount = 0
    /// The logarithm to base 2 of a bin's width.
    public private(set) var exponent = smallestExponent
    public private(set) var counts = [Int](repeating: 0, count: binCount)

    public init() {}

    /// The width of a bin.
    public var binWidth: Double { ActivationDistribution.power(exponent) }

    /// The middle of bin `index`.
    public func center(ofBin index: Int) -> Double {
        (Double(index - ActivationDistribution.half) + 0.5) * binWidth
    }

    public mutating func record(_ elements: [Float]) {
        var (low, high) = (minimum, maximum)
        if count == 0 { (low, high) = (.infinity, -.infinity) }
        for element in elements where element.isFinite {
            low = min(low, element)
            high = max(high, element)
        }
        guard low <= high else {
            nonFiniteCount += elements.count
            return
        }
        (minimum, maximum) = (low, high)
        while !ActivationDistribution.fits(low, exponent) || !ActivationDistribution.fits(high, exponent) { coarsen() }
        let perBin = 1 / binWidth
        for element in elements {
            guard element.isFinite else {
                nonFiniteCount += 1
                continue
            }
            if element == 0 { zeroCount += 1 }
            counts[Int((Double(element) * perBin).rounded(.down)) + ActivationDistribution.half] += 1
            count += 1
        }
    }

    /// Both together.
    public func merging(_ other: ActivationDistribution) -> ActivationDistribution {
        guard other.count > 0, count > 0 else {
            var kept = count > 0 ? self : other
            kept.nonFiniteCount = nonFiniteCount + other.nonFiniteCount
            return kept
        }
        var (left, right) = (self, other)
        while left.exponent < right.exponent { left.coarsen() }
        while right.exponent < left.exponent { right.coarsen() }
        for index in left.counts.indices { left.counts[index] += right.counts[index] }
        left.minimum = min(minimum, other.minimum)
        left.maximum = max(maximum, other.maximum)
        left.count += right.count
        left.nonFiniteCount += right.nonFiniteCount
        left.zeroCount += right.zeroCount
        return left
    }

    private mutating func coarsen() {
        exponent += 1
        guard count > 0 else { return }
        var coarse = [Int](repeating: 0, count: counts.count)
        let half = ActivationDistribution.half
        for index in counts.indices where counts[index] > 0 { coarse[((index - half) >> 1) + half] += counts[index] }
        counts = coarse
    }

    private static func fits(_ element: Float, _ exponent: Int) -> Bool {
        let bin = (Double(element) / power(exponent)).rounded(.down)
        return bin >= Double(-half) && bin < Double(half)
    }

    private static func power(_ exponent: Int) -> Double {
        Double(sign: .plus, exponent: exponent, significand: 1)
    }
}
