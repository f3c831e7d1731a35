public import Hardware

/// How far an estimate may be off, and where that is known from.
public struct ErrorBand: Sendable, Hashable, Codable {
    /// Whether measurements stand behind the band.
    public enum Status: String, Sendable, Hashable, Codable {
        /// The model was compared with measurements of this machine and runtime version.
        case calibrated
        /// The comparison is with near relations: the same core with other versions, or the same version on other cores.
        case transferred
        /// The model was never compared with measurements on this kind of machine and runtime: no band is known.
        case uncalibrated
    }

    /// The share of measurements that the band holds.
    public static let coverage = 0.8
    /// Standard deviations on either side of a normal distribution that hold the coverage.
    static let normalQuantile = 1.2816

    public var status: Status
    /// Lowest and highest ratio of measured to estimated time; nil without measurements.
    public var lowestRatio: Double?
    public var highestRatio: Double?
    /// The share of measurements between the ratios, 0...1; nil without measurements.
    public var coverage: Double?
    /// Measurements that the band rests on.
    public var rows: Int
    /// What the band rests on, in one clause.
    public var origin: String

    public init(status: Status, lowestRatio: Double, highestRatio: Double, rows: Int, origin: String) {
        self.status = status
        self.lowestRatio = lowestRatio
        self.highestRatio = highestRatio
        coverage = Self.coverage
        self.rows = rows
        self.origin = origin
    }

    private init(uncalibrated origin: String) {
        status = .uncalibrated
        rows = 0
        self.origin = origin
    }

    /// The band of a device's own calibration.
    public init(_ calibration: Calibration) {
        self.init(
            status: .calibrated, lowestRatio: calibration.lowestRatio, highestRatio: calibration.highestRatio,
            rows: calibration.rows, origin: calibration.basis)
    }

    /// No band.
    public static let uncalibrated = ErrorBand(
        uncalibrated: "none: the model has not been calibrated against measurements")
}
