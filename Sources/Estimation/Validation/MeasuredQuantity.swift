/// What a measured row tells of a run; each is a number that an estimate holds as well.
public enum MeasuredQuantity: String, Sendable, Hashable, Codable, CaseIterable {
    case latencySeconds
    case energyJoules
    case framesPerSecond
    case cycles

    /// The figure of an estimate; nil where it states none.
    public func value(in totals: Estimate.Totals) -> Double? {
        switch self {
        case .latencySeconds: totals.latencySeconds
        case .energyJoules: totals.energyJoules
        case .framesPerSecond: totals.latencySeconds > 0 ? 1 / totals.latencySeconds : nil
        case .cycles: Double(totals.cycles)
        }
    }
}
