import Scheduling

/// What a measured row tells of a run; each is a number that an estimate holds as well.
public enum MeasuredQuantity: String, Sendable, Hashable, Codable, CaseIterable {
    case latencySeconds
    case energyJoules
    case framesPerSecond
    case cycles
    case lookupTables
    case blockMemories
    case multipliers

    /// Whether an interval of times holds for it.
    var isTime: Bool {
        switch self {
        case .latencySeconds, .cycles: true
        case .energyJoules, .framesPerSecond, .lookupTables, .blockMemories, .multipliers: false
        }
    }

    /// The figure of an estimate; nil where it states none.
    public func value(in estimate: Estimate) -> Double? {
        let totals = estimate.totals
        switch self {
        case .latencySeconds: return totals.latencySeconds
        case .energyJoules: return totals.energyJoules
        case .framesPerSecond:
            return estimate.throughput?.framesPerSecond ?? (totals.latencySeconds > 0 ? 1 / totals.latencySeconds : nil)
        case .cycles: return Double(totals.cycles)
        case .lookupTables, .blockMemories, .multipliers:
            return estimate.resources.first { $0.name == rawValue }.map { Double($0.used) }
        }
    }
}
