import Diagnostics
import Networks

/// Channels are chosen by a LASSO on the responses of the layers that read them, which are then rebuilt by least squares.
///
/// `min 1/2 |Y - sum of b_i X_i W_i|^2 + l |b|_1` with `|W_i| = 1`, where `X_i` are the windows of input channel i, `W_i` its
/// weights and Y the responses in the network that the step was given. In each round b is solved with W fixed, by coordinate
/// descent on the Gram matrix of the contributions, with l raised until as many channels are left as the round shall leave;
/// then W is solved by least squares on these. Rounds approach the wanted number evenly. X and Y are taken less their means,
/// for which the biases make up. Channels that are tied by residual sums share their b, over all layers that read them. Not the
/// source's sampling of the inputs of residual blocks.
public struct LassoChannelSelection: CompressionStep {
    public static let description = StepDescription(
        name: "lasso-channel-selection",
        summary: "Drops the channels that a LASSO finds redundant and rebuilds the next layer by least squares",
        citation: "He, Zhang, Sun: Channel Pruning for Accelerating Very Deep Neural Networks, 2017",
        parameters: [
            ParameterDescription(
                "density", "Part of each group of tied channels that stays", .number(0...1, default: 0.5)),
            ParameterDescription(
                "rounds", "Alternations of selection and reconstruction", .integer(1...64, default: 2)),
            ParameterDescription.channelPositions, ParameterDescription.channelDamping,
        ], categories: [.removal], profits: [.storage, .products, .activations])

    public var layers: LayerSelection
    /// 0...1; at least one channel stays.
    public var density: Double
    public var rounds: Int
    public var positions: Int
    public var damping: Double

    public init(
        layers: LayerSelection = .all, density: Double = 0.5, rounds: Int = 2, positions: Int = 64,
        damping: Double = 0.01
    ) {
        (self.layers, self.density, self.rounds) = (layers, density, rounds)
        (self.positions, self.damping) = (positions, damping)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, density: parameters.number("density") ?? 0.5, rounds: parameters.integer("rounds") ?? 2,
            positions: parameters.integer("positions") ?? 64, damping: parameters.number("damping") ?? 0.01)
    }

    public var parameters: [String: ParameterValue] {
        [
            "density": .number(density), "rounds": .integer(rounds), "positions": .integer(positions),
            "damping": .number(damping),
        ]
    }

    public var category: StepCategory { .removal }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let reduction = ChannelReduction(
            selection: self.layers, step: "LASSO channel selection", density: density, positions: positions,
            shiftsBias: true)
        return try reduction.reduce(compressed, layers: layers, observing: observer) {
            classes, count, floor, readers in
            var (left, removed) = (classes, Set<Int>())
            for round in 1...max(rounds, 1) {
                let wanted = classes.count - count * round / max(rounds, 1)
                let support = Set(Self.support(of: left, count: wanted, readers: readers))
                let leaving = left.filter { !support.contains($0) && floor.allowsRemoving($0) }
                removed.formUnion(leaving)
                left.removeAll(where: removed.contains)
                for index in readers.indices { try readers[index].fit(removing: removed, damping: damping) }
            }
            return removed
        }
    }

    /// The `count` of the classes that the LASSO leaves.
    private static func support(of classes: [Int], count: Int, readers: [ReaderMoments]) -> [Int] {
        let contributions = ContributionGram(readers, classes: classes, isCentered: true)
        var lengths = [Int: Double]()
        for reader in readers {
            for filters in reader.filters {
                for place in filters.elements.indices {
                    let element = filters.elements[place]
                    lengths[reader.reader.classes[place % filters.columns], default: 0] += element * element
                }
            }
        }
        let scales = classes.map { lengths[$0].map { $0 > 0 ? 1 / $0.squareRoot() : 0 } ?? 0 }
        let gram = Matrix(rows: classes.count, columns: classes.count) {
            contributions.gram[$0, $1] * scales[$0] * scales[$1]
        }
        let path = LassoPath(gram: gram, response: zip(contributions.response, scales).map(*))
        return path.support(count: count).map { classes[$0] }
    }
}
