/// The errors of some outcomes in a few numbers.
public struct ErrorSummary: Sendable, Hashable, Codable {
    /// Outcomes that count and have a figure.
    public var count: Int
    /// The median of the absolute relative errors.
    public var median: Double
    /// The least absolute relative error that nine in ten do not exceed.
    public var ninetieth: Double
    /// The median of `predicted / measured`.
    public var bias: Double
    /// Outcomes with an interval, and of these the ones whose measurement lies in it.
    public var intervals: Int
    public var covered: Int

    /// nil when no outcome counts.
    public init?(_ outcomes: [ValidationOutcome]) {
        let counted = outcomes.filter(\.row.isCounted)
        let errors = counted.compactMap(\.error)
        guard !errors.isEmpty else { return nil }
        count = errors.count
        let sizes = errors.map(abs).sorted()
        median = Self.quantile(sizes, 0.5)
        ninetieth = Self.quantile(sizes, 0.9)
        bias = 1 + Self.quantile(errors.sorted(), 0.5)
        let known = counted.compactMap(\.isCovered)
        intervals = known.count
        covered = known.filter { $0 }.count
    }

    /// The quantile of an ascending list, between neighbours in proportion.
    ///
    /// - Precondition: the list is not empty; `share` is in 0...1.
    public static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}
