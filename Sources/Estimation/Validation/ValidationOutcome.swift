/// A measured row beside the estimate of the same run.
public struct ValidationOutcome: Sendable, Hashable, Codable {
    /// The file that holds the row, without its suffix.
    public var suite: String
    public var row: MeasuredRow
    /// The name of the cost model; nil when there is no estimate.
    public var model: String?
    /// The estimate's figure, in the quantity's unit; nil when there is none.
    public var predicted: Double?
    /// Ends of the estimate's interval for a time, in the quantity's unit; nil without one.
    public var lowest: Double?
    public var highest: Double?
    /// Why there is no figure, or nil.
    public var refusal: String?

    public init(
        suite: String, row: MeasuredRow, model: String?, predicted: Double?, lowest: Double? = nil,
        highest: Double? = nil, refusal: String? = nil
    ) {
        self.suite = suite
        self.row = row
        self.model = model
        self.predicted = predicted
        self.lowest = lowest
        self.highest = highest
        self.refusal = refusal
    }

    /// The figure of an estimate, with its interval where the row tells a time.
    public init(suite: String, row: MeasuredRow, estimate: Estimate) {
        self.init(
            suite: suite, row: row, model: estimate.model, predicted: row.quantity.value(in: estimate))
        if predicted == nil { refusal = "the estimate states no \(row.quantity.rawValue)" }
        guard row.quantity.isTime, let predicted, let low = estimate.errorBand.lowestRatio,
            let high = estimate.errorBand.highestRatio
        else { return }
        lowest = predicted * low
        highest = predicted * high
    }

    /// `predicted / measured - 1`; nil without a figure.
    public var error: Double? { predicted.map { $0 / row.measured - 1 } }

    /// Whether the measurement lies in the estimate's interval; nil without one.
    public var isCovered: Bool? {
        guard let lowest, let highest else { return nil }
        return (lowest...max(lowest, highest)).contains(row.measured)
    }
}
