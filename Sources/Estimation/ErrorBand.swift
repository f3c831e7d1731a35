/// How far an estimate may be off, and where that is known from.
public struct ErrorBand: Sendable, Hashable, Codable {
    /// Whether measurements stand behind the band.
    public enum Status: String, Sendable, Hashable, Codable {
        /// The model was never compared with measurements on this kind of machine and runtime: no band is known.
        case uncalibrated
        /// Relative errors of the model against measured boards.
        case measured
    }

    public var status: Status
    /// Lowest and highest ratio of measured to estimated time; nil without measurements.
    public var lowestRatio: Double?
    public var highestRatio: Double?
    /// What the band rests on, in one clause.
    public var origin: String

    public init(status: Status, lowestRatio: Double?, highestRatio: Double?, origin: String) {
        self.status = status
        self.lowestRatio = lowestRatio
        self.highestRatio = highestRatio
        self.origin = origin
    }

    /// No band.
    public static let uncalibrated = ErrorBand(
        status: .uncalibrated, lowestRatio: nil, highestRatio: nil,
        origin: "none: the model has not been calibrated against measurements")
}
