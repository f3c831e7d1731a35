/// What the factors of a layer come near to.
public enum FactorFit: String, Sendable, Hashable, CaseIterable {
    /// The layer's weights, in the sum of squares.
    case weights
    /// The layer's responses to inputs of which the calibration cases are a sample; the bias takes up the mean.
    ///
    /// The inputs' covariance is shrunk towards a multiple of identity by as much as so few rows are wrong about it.
    case responses
    /// The layer's responses on the calibration cases themselves, however few there are.
    case sampleResponses

    static let parameter = ParameterDescription(
        "fit",
        "weights: nearest weights; responses: nearest responses to inputs like the calibration cases; sampleResponses: "
            + "on these cases themselves",
        .choice(FactorFit.allCases.map(\.rawValue), default: FactorFit.weights.rawValue))

    /// The parameter as it stands in a recipe.
    var parameters: [String: ParameterValue] {
        self == .weights ? [:] : ["fit": .text(rawValue)]
    }
}
