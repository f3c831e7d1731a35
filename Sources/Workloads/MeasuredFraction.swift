/// A fraction that was counted while a network ran, or is assumed for want of data.
public struct MeasuredFraction: Sendable, Hashable, Codable {
    /// Where the fraction comes from.
    public enum Origin: String, Sendable, Hashable, Codable {
        case executed
        case assumed
    }

    /// 0...1.
    public var value: Double
    public var origin: Origin

    public init(value: Double, origin: Origin) {
        self.value = value
        self.origin = origin
    }

    /// A fraction that execution counted; nil where it counted nothing.
    public init?(executed value: Double?) {
        guard let value else { return nil }
        self.init(value: value, origin: .executed)
    }
}
