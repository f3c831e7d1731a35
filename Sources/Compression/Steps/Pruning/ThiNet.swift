import Diagnostics
import Networks

/// Channels leave that contribute least to what the next layer responds, and the next layer is fitted again.
///
/// `x_j` is what input channel j of the next layer adds to one of its responses: the products of one filter with the channel's
/// window. The set T of channels that leave is taken greedily so that `sum over samples of (sum over j in T of x_j)^2` stays
/// least; samples are all filters at sampled output positions of the calibration cases, so that the sums follow from the
/// Gram matrix of the windows. `refit` then brings the next layer to what it responded in the network that the step was
/// given: `scale` by a factor for each channel that stays, `(X'X)^-1 X'y` of the source, `weights` by least squares of all its
/// weights and biases. Channels that are tied by residual sums leave together, judged by all layers that read them, each
/// relative to its own responses; other layers lose what belongs to them. Not the source's training after each layer.
public struct ThiNet: CompressionStep {
    /// How the layers that read the channels are brought back to their responses.
    public enum Refit: String, Sendable, Hashable, Codable, CaseIterable {
        case none
        /// A factor for each channel.
        case scale
        /// All weights and biases.
        case weights
    }

    public static let description = StepDescription(
        name: "thinet",
        summary: "Drops the channels that contribute least to the responses of the next layer, which is fitted again",
        citation: "Luo, Wu, Lin: ThiNet: A Filter Level Pruning Method for Deep Neural Network Compression, 2017",
        parameters: [
            ParameterDescription(
                "density", "Part of each group of tied channels that stays", .number(0...1, default: 0.5)),
            ParameterDescription(
                "refit", "What of the next layer is fitted by least squares",
                .choice(Refit.allCases.map(\.rawValue), default: "weights")),
            ParameterDescription.channelPositions, ParameterDescription.channelDamping,
        ], categories: [.removal], profits: [.storage, .products, .activations])

    public var layers: LayerSelection
    /// 0...1; at least one channel stays.
    public var density: Double
    public var refit: Refit
    public var positions: Int
    public var damping: Double

    public init(
        layers: LayerSelection = .all, density: Double = 0.5, refit: Refit = .weights, positions: Int = 64,
        damping: Double = 0.01
    ) {
        (self.layers, self.density, self.refit) = (layers, density, refit)
        (self.positions, self.damping) = (positions, damping)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, density: parameters.number("density") ?? 0.5, refit: parameters.choice("refit"),
            positions: parameters.integer("positions") ?? 64, damping: parameters.number("damping") ?? 0.01)
    }

    public var parameters: [String: ParameterValue] {
        [
            "density": .number(density), "refit": .text(refit.rawValue), "positions": .integer(positions),
            "damping": .number(damping),
        ]
    }

    public var category: StepCategory { .removal }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let reduction = ChannelReduction(
            selection: self.layers, step: "ThiNet", density: density, positions: positions,
            shiftsBias: refit == .weights)
        return try reduction.reduce(compressed, layers: layers, observing: observer) {
            classes, count, floor, readers in
            let contributions = ContributionGram(readers, classes: classes, isCentered: false)
            let taken = contributions.leastContributing(count) { floor.allowsRemoving(classes[$0]) }
            let kept = classes.indices.filter(Set(classes.indices).subtracting(taken).contains)
            let removed = Set(taken.map { classes[$0] })
            for index in readers.indices {
                switch refit {
                case .none: break
                case .scale:
                    let own = ContributionGram([readers[index]], classes: classes, isCentered: false)
                    let factors = try own.factors(of: kept, damping: damping)
                    readers[index].scale(
                        by: Dictionary(uniqueKeysWithValues: zip(kept.map { classes[$0] }, factors)))
                case .weights: try readers[index].fit(removing: removed, damping: damping)
                }
            }
            return removed
        }
    }
}

extension ParameterDescription {
    static let channelPositions = ParameterDescription(
        "positions", "Output positions of a calibration case that are observed", .integer(1...65536, default: 64))
    static let channelDamping = ParameterDescription(
        "damping", "Part of the mean squared input with which weights are held where they were",
        .number(1e-9...1, default: 0.01))
}
