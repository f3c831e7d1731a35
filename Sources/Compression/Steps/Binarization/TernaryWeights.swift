import Diagnostics
import FixedPoint
import Networks
import Tensors

/// Weights become a positive level, 0 or minus a negative level; the levels are fitted by least squares.
///
/// Two levels for each filter or for the layer, each the mean of the weights that take it. A weight is 0 where its magnitude is
/// not above a threshold: on each side that of least squared error (`optimal`), 0.05 times the largest magnitude (`maximum`), or
/// 0.7 times the mean one (`mean`). With the fit to responses, signs and the levels of filters are those that change the layer's
/// responses on the calibration cases least. Stored as two bits a weight and two
/// levels. In an integer network the levels are integers on a grid of the same width, and `execution-form` multiplies each
/// level once. This is the fit of trained ternary quantization without its training.
public struct TernaryWeights: CompressionStep {
    /// Over what levels are shared.
    public enum Levels: String, Sendable, Hashable, Codable, CaseIterable {
        /// Two for each output channel.
        case filter
        /// Two in all.
        case layer
    }

    /// To what the weights' levels and signs are fitted.
    public enum Fit: String, Sendable, Hashable, Codable, CaseIterable {
        /// To the weights: each level is the mean of those that take it.
        case weights
        /// To the layer's responses on the calibration cases, see `ResponseFit`; shared levels stay.
        case responses
    }

    public static let description = StepDescription(
        name: "ternary-weights",
        summary: "Replaces weights by a positive level, zero or a negative level",
        citation:
            "Zhu, Han, Mao, Dally: Trained Ternary Quantization, 2017; Li, Zhang, Liu: Ternary Weight Networks, 2016",
        parameters: [
            ParameterDescription(
                "threshold", "How weights that become zero are told from others",
                .choice(TernaryFit.Threshold.allCases.map(\.rawValue), default: "optimal")),
            ParameterDescription(
                "levels", "Over what the two levels are shared",
                .choice(Levels.allCases.map(\.rawValue), default: "filter")),
            ParameterDescription(
                "fit", "To what levels and signs are fitted",
                .choice(Fit.allCases.map(\.rawValue), default: "weights")),
            ParameterDescription(
                "positions", "Output positions of a case that are looked at for responses",
                .integer(1...4096, default: 64)),
        ], categories: [.quantization], profits: [.storage, .zeroSkipping, .tableLookup])

    public var layers: LayerSelection
    private let threshold: TernaryFit.Threshold
    private let levels: Levels
    private let fit: Fit
    private let positions: Int

    package init(
        layers: LayerSelection = .all, threshold: TernaryFit.Threshold = .optimal, levels: Levels = .filter,
        fit: Fit = .weights, positions: Int = 64
    ) {
        self.layers = layers
        self.threshold = threshold
        self.levels = levels
        self.fit = fit
        self.positions = positions
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, threshold: parameters.choice("threshold"), levels: parameters.choice("levels"),
            fit: parameters.choice("fit"), positions: parameters.integer("positions") ?? 64)
    }

    public var parameters: [String: ParameterValue] {
        [
            "threshold": .text(threshold.rawValue), "levels": .text(levels.rawValue), "fit": .text(fit.rawValue),
            "positions": .integer(positions),
        ]
    }

    public var category: StepCategory { .quantization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: Self.description.name) {
            compressed.network.refusalOfNewWeights(for: $0)
        }
        var result = compressed
        let remarks = try result.changeEach(admitted) { result, place in
            let node = result.network.nodes[place]
            let filters = try LayerFilters(
                of: node, in: result.network, observing: fit == .responses ? observer : nil, positions: positions)
            return try replaceWeights(of: &result, nodeAt: place, by: ternary(filters), of: filters)
        }
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    /// Levels and signs of every filter; equal levels where they are shared.
    private func ternary(_ filters: LayerFilters) -> [TernaryFit] {
        let weights = filters.weights
        var fits: [TernaryFit]
        switch levels {
        case .filter: fits = weights.map { TernaryFit($0, threshold: threshold) }
        case .layer:
            let shared = TernaryFit(weights.flatMap { $0 }, threshold: threshold)
            var start = 0
            fits = weights.map { weights in
                defer { start += weights.count }
                return TernaryFit(
                    positive: shared.positive, negative: shared.negative,
                    signs: Array(shared.signs[start..<start + weights.count]))
            }
        }
        for channel in fits.indices {
            guard let fit = filters.fit(ofChannel: channel) else { continue }
            fits[channel] = fits[channel].fitted(to: weights[channel], by: fit, changesLevels: levels == .filter)
        }
        return fits
    }

    private func replaceWeights(
        of result: inout CompressedNetwork, nodeAt place: Int, by fits: [TernaryFit], of filters: LayerFilters
    ) throws -> [String] {
        let node = result.network.nodes[place]
        guard let value = node.weights.map({ result.network[$0] }) else { return [] }
        let axis = levels == .filter ? filters.axis : nil
        let owners = levels == .filter ? fits : Array(fits.prefix(1))
        let (signs, change) = (
            filters.stored(fits.map(\.signs), filling: 0), filters.biasChange(to: fits.map(\.values))
        )
        var remarks = ["layer '\(node.name)': \(signs.count { $0 == 0 }) of \(signs.count) weights are zero"]
        if value.isFloat {
            let levels = owners.map { (positive: Float($0.positive), negative: Float($0.negative)) }
            try result.compose(
                nodeAt: place, by: TernaryValues.composition(axis: axis, levels: levels, signs: signs))
            if fit == .responses { result.network.shiftBias(ofNodeAt: place, by: change) }
        } else if let bits = value.quantization?.format.bits {
            let grid = LevelGrid(reaches: owners.map { max($0.positive, $0.negative) }, bits: max(bits, 2), axis: axis)
            let levels = owners.indices.map { channel in
                (
                    positive: grid.level(owners[channel].positive, channel),
                    negative: grid.level(owners[channel].negative, channel)
                )
            }
            remarks += try result.compose(
                nodeAt: place, by: TernaryValues.composition(axis: axis, levels: levels, signs: signs),
                on: grid.quantization, bias: zip(result.biasReals(of: node), change).map { $0 + $1 })
        }
        return remarks
    }
}

extension TernaryFit {
    /// What each weight becomes.
    fileprivate var values: [Double] { signs.map { $0 > 0 ? positive : $0 < 0 ? -negative : 0 } }

    /// Levels and signs fitted to responses, from these.
    fileprivate func fitted(to weights: [Double], by fit: ResponseFit, changesLevels: Bool) -> TernaryFit {
        let codes = signs.map { $0 > 0 ? 1 : $0 < 0 ? 2 : 0 }
        let fitted = fit.fitted(
            weights, table: [[0, 0], [1, 0], [0, -1]], start: (codes, [positive, negative]),
            isAllowed: { changesLevels && $0.allSatisfy { $0 > 0 } })
        return TernaryFit(
            positive: fitted.coefficients[0], negative: fitted.coefficients[1],
            signs: fitted.codes.map { $0 == 2 ? -1 : $0 })
    }
}
