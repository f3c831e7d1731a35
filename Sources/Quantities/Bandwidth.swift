/// How much data passes in a cycle of the device's clock, or in a second.
public enum Bandwidth: Sendable, Hashable, Codable {
    /// Thousandths of a byte in each cycle of the device's clock.
    case perCycle(thousandthBytes: Int)
    /// Whole bytes in each second.
    case perSecond(bytes: Int)

    /// Bytes in each cycle of a clock; infinite for a per-second bandwidth at a clock of zero.
    public func bytesPerCycle(at clock: Frequency) -> Double {
        switch self {
        case .perCycle(let thousandths): Double(thousandths) / 1000
        case .perSecond(let bytes): Double(bytes) / Double(clock.hertz)
        }
    }
}
