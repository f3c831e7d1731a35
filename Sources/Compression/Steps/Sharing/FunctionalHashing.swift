import Networks

/// Each weight reads several of few stored values, picked by hashes of its place, and a small network shared by the layer
/// combines them.
///
/// `V_p = g(xi_1(p) w_(h_1(p)), ..., xi_U(p) w_(h_U(p)))` with `g(z) = sum z + sum_h v_h max(0, u_h z + b_h)`. One read without
/// hidden units is `hashed-weights`. The paper trains values and network; here both are fitted in turns, see
/// `FunctionalHashFit`. A weight costs `U` reads and the network's products when it is decoded.
public struct FunctionalHashing: CompressionStep {
    public static let description = StepDescription(
        name: "functional-hashing",
        summary: "Computes each weight from several hashed reads of few stored values by a small shared network",
        citation: "Shi, Feng, Zhao: Functional Hashing for Compressing Neural Networks, 2016",
        parameters: HashSettings.parameters + [
            ParameterDescription("reads", "Values that a weight reads", .integer(HashedValues.readCounts, default: 2)),
            ParameterDescription(
                "hidden", "Hidden units of the network that combines them",
                .integer(HashedValues.hiddenCounts, default: 4)),
            ParameterDescription("rounds", "Turns of fitting network and values", .integer(0...100, default: 10)),
        ], categories: [.sharing], profits: [.storage])

    public var layers: LayerSelection
    private let settings: HashSettings
    private let reads: Int
    private let hidden: Int
    private let rounds: Int

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.layers = layers
        settings = HashSettings(parameters)
        reads = parameters.integer("reads") ?? 2
        hidden = parameters.integer("hidden") ?? 4
        rounds = parameters.integer("rounds") ?? 10
    }

    public var parameters: [String: ParameterValue] {
        settings.parameters.merging([
            "reads": .integer(reads), "hidden": .integer(hidden), "rounds": .integer(rounds),
        ]) { _, mine in mine }
    }

    public var category: StepCategory { .sharing }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        try settings.replaceWeights(
            of: compressed, layers: layers, for: self, reads: reads, hidden: hidden, rounds: rounds, observing: observer
        )
    }
}
