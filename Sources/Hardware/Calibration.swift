/// How a model compares with measurements: the ratios of measured to estimated time between which 80 % of them lie.
public struct Calibration: Sendable, Hashable, Codable {
    /// Measurements behind the ratios.
    public var rows: Int
    /// The ratio below which one measurement in ten lies.
    public var lowestRatio: Double
    /// The ratio above which one measurement in ten lies.
    public var highestRatio: Double
    /// What the ratios rest on, in one clause.
    public var basis: String

    public init(rows: Int, lowestRatio: Double, highestRatio: Double, basis: String) {
        self.rows = rows
        self.lowestRatio = lowestRatio
        self.highestRatio = highestRatio
        self.basis = basis
    }
}
