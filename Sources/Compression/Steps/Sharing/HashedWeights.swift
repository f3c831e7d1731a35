import Networks

/// Each weight reads one of few stored values, picked by a hash of its place, with a sign by a second hash.
///
/// `V_p = xi(p) w_(h(p))`; nothing but the values and the seed is stored. A value fitted to the weights is the mean of `xi V`
/// over the weights that read it; fitted to responses, all values together minimize `tr (V - W) X'X (V - W)'` on the calibration
/// cases. The paper trains the values instead. Reads are random: hardware that computes hashes reads memory without order.
public struct HashedWeights: CompressionStep {
    public static let description = StepDescription(
        name: "hashed-weights",
        summary: "Lets each weight read one of few stored values, picked by a hash of its place",
        citation:
            "Chen, Wilson, Tyree, Weinberger, Chen: Compressing Neural Networks with the Hashing Trick, 2015; hash: "
            + "Collet: xxHash, 2012",
        parameters: HashSettings.parameters, categories: [.sharing], profits: [.storage])

    public var layers: LayerSelection
    private let settings: HashSettings

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.layers = layers
        settings = HashSettings(parameters)
    }

    public var parameters: [String: ParameterValue] { settings.parameters }
    public var category: StepCategory { .sharing }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        try settings.replaceWeights(
            of: compressed, layers: layers, for: self, reads: 1, hidden: 0, rounds: 0, observing: observer)
    }
}
