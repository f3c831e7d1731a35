public import Estimation

/// Predicted cost of one inference.
public struct PlanTotals: Sendable, Hashable, Codable {
    public var cycles: Int
    public var latencySeconds: Double
    /// Nil when the device's profile has no energy facts.
    public var energyJoules: Double?
    public var ramBytes: Int
    public var flashBytes: Int
    public var macs: Int

    public init(_ estimate: Estimate) {
        cycles = estimate.totals.cycles
        latencySeconds = estimate.totals.latencySeconds
        energyJoules = estimate.totals.energyJoules
        ramBytes = estimate.totals.ramBytes
        flashBytes = estimate.totals.flashBytes
        macs = estimate.totals.macs
    }
}
