/// A voltage, held as whole microvolts.
public struct Voltage: Sendable, Hashable, Comparable, Codable {
    public var microvolts: Int

    public init(microvolts: Int) {
        self.microvolts = microvolts
    }

    /// The voltage in volts.
    public var volts: Double {
        Double(microvolts) * 1e-6
    }

    public static func < (left: Voltage, right: Voltage) -> Bool {
        left.microvolts < right.microvolts
    }
}
