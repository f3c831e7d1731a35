public import Hardware
public import Quantities

/// An inference in every period, and waiting for the rest of it.
public struct DutyCycle: Sendable, Hashable, Codable {
    public var periodSeconds: Double
    /// The part of the period in which the machine works, 0...1.
    public var share: Double
    /// Energy of a whole period: the inference, and the idle power (or else the leakage) for the rest.
    public var energyJoules: Double
    public var averagePowerWatts: Double

    /// Why there is no duty cycle.
    public enum Refusal: Error, Sendable, Hashable {
        /// The inference takes longer than the period.
        case tooSlow(latencySeconds: Double)
        /// The profile states no energy, or neither an idle power nor a leakage.
        case unknownPower
    }

    public init(_ estimate: Estimate, period: Seconds, facts: EnergyFacts) throws(Refusal) {
        let latency = estimate.totals.latencySeconds
        guard period.seconds > 0, latency <= period.seconds else { throw .tooSlow(latencySeconds: latency) }
        guard let energy = estimate.totals.energyJoules, let idle = facts.idlePower ?? facts.leakage else {
            throw .unknownPower
        }
        periodSeconds = period.seconds
        share = latency / period.seconds
        energyJoules = energy + idle.watts * (period.seconds - latency)
        averagePowerWatts = energyJoules / period.seconds
    }
}
