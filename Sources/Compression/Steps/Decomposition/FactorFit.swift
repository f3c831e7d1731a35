/// What the factors of a layer come near to.
public enum FactorFit: String, Sendable, Hashable, CaseIterable {
    /// The layer's weights, in the sum of squares.
    case weights
    /// The layer's responses on the calibration cases, in the sum of squares; the bias takes up the mean.
    case responses

    static let parameter = ParameterDescription(
        "fit", "weights: nearest weights; responses: nearest responses on the calibration cases",
        .choice(FactorFit.allCases.map(\.rawValue), default: FactorFit.weights.rawValue))

    /// The parameter as it stands in a recipe.
    var parameters: [String: ParameterValue] {
        self == .weights ? [:] : ["fit": .text(rawValue)]
    }
}
