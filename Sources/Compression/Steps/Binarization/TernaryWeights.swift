import Diagnostics
import FixedPoint
import Networks
import Tensors

/// Weights become a positive level, 0 or minus a negative level; the levels are fitted by least squares.
///
/// Two levels for each filter or for the layer, each the mean of the weights that take it. Stored as two bits a weight and two
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
        ], categories: [.quantization], profits: [.storage, .zeroSkipping, .tableLookup])

    public var layers: LayerSelection
    private let threshold: TernaryFit.Threshold
    private let levels: Levels

    package init(
        layers: LayerSelection = .all, threshold: TernaryFit.Threshold = .optimal, levels: Levels = .filter
    ) {
        self.layers = layers
        self.threshold = threshold
        self.levels = levels
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers, threshold: parameters.choice("threshold"), levels: parameters.choice("levels"))
    }

    public var parameters: [String: ParameterValue] {
        ["threshold": .text(threshold.rawValue), "levels": .text(levels.rawValue)]
    }

    public var category: StepCategory { .quantization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: Self.description.name) {
            compressed.network.refusalOfNewWeights(for: $0)
        }
        var result = compressed
        let remarks = try result.changeEach(admitted, by: replaceWeights)
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    private func replaceWeights(of result: inout CompressedNetwork, nodeAt place: Int) throws -> [String] {
        let node = result.network.nodes[place]
        guard let value = node.weights.map({ result.network[$0] }) else { return [] }
        let axis = levels == .filter ? result.network.outputAxis(ofWeightsOf: node) : nil
        let (reals, channels) = (value.reals, try value.shape.channels(along: axis))
        var (signs, fits) = ([Int](repeating: 0, count: reals.count), [TernaryFit]())
        for places in channels.indexing.places(of: reals.count, channels: channels.count) {
            let fit = TernaryFit(places.map { reals[$0] }, threshold: threshold)
            for (place, sign) in zip(places, fit.signs) { signs[place] = sign }
            fits.append(fit)
        }
        var remarks = ["layer '\(node.name)': \(signs.count { $0 == 0 }) of \(signs.count) weights are zero"]
        if value.isFloat {
            let levels = fits.map { (positive: Float($0.positive), negative: Float($0.negative)) }
            try result.compose(
                nodeAt: place, by: TernaryValues.composition(axis: axis, levels: levels, signs: signs))
        } else if let bits = value.quantization?.format.bits {
            let grid = LevelGrid(reaches: fits.map { max($0.positive, $0.negative) }, bits: max(bits, 2), axis: axis)
            let levels = fits.indices.map { channel in
                (
                    positive: grid.level(fits[channel].positive, channel),
                    negative: grid.level(fits[channel].negative, channel)
                )
            }
            remarks += try result.compose(
                nodeAt: place, by: TernaryValues.composition(axis: axis, levels: levels, signs: signs),
                on: grid.quantization, bias: result.biasReals(of: node))
        }
        return remarks
    }
}

/// A symmetric grid whose largest integer stands for what each channel reaches.
struct LevelGrid {
    let quantization: Quantization

    /// - Parameters:
    ///   - reaches: the largest real of each channel.
    ///   - spare: largest integers that are left free, for sums of rounded numbers.
    init(reaches: [Double], bits: Int, axis: Int?, spare: Int = 0) {
        let format = NumberFormat(bits: bits, encoding: .symmetric)
        let largest = reaches.max() ?? 0
        // A channel of zeros has no scale; one far below the others' keeps its bias where it can be stored.
        let least = largest > 0 ? largest * 0x1p-20 : 0x1p-20
        let scales = reaches.map { reach in
            max(Float(max(reach, least) / Double(format.maximum - spare)), Float.leastNormalMagnitude)
        }
        quantization = Quantization(
            format: format, scales: scales, zeroPoints: [Int](repeating: 0, count: scales.count), axis: axis)
    }

    /// The integer for a positive level, at least 1, as a real.
    func level(_ real: Double, _ channel: Int) -> Float {
        let nearest = (real / Double(quantization.scales[channel])).rounded()
        return Float(min(max(nearest, 1), Double(quantization.format.maximum)))
    }
}

extension Network {
    /// Why a layer cannot get other weights on reals or on a grid of integers, or nil if it can.
    func refusalOfNewWeights(for layer: String) -> String? {
        guard let node = nodes.first(where: { $0.name == layer }), let id = node.weights,
            LayerPatches(node, in: self) != nil, self[id].shape.elementCount > 0
        else { return "neither a convolution nor a fully connected layer" }
        guard self[id].isFloat || (self[id].quantization != nil && self[node.inputs[0]].quantization != nil) else {
            return "its integers stand for no reals"
        }
        return nil
    }
}
