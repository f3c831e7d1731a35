import Diagnostics
import FixedPoint
import Networks
import Tensors

/// Weights become `alpha * sign(w)`, with one `alpha` for each filter: the mean magnitude of its weights.
///
/// This `alpha` is the least-squares one; `sign(0) = +1`. In a float network the weights stay reals on that grid until
/// the network is quantized; in an integer network they become signs at once.
public struct BinaryWeights: CompressionStep {
    public static let description = StepDescription(
        name: "binary-weights",
        summary: "Replaces weights by their signs with one scale for each filter",
        citation: "Rastegari, Ordonez, Redmon, Farhadi: XNOR-Net, 2016 (Binary-Weight-Networks)",
        parameters: [], categories: [.binarization], profits: [.storage, .binaryProducts])

    public var layers: LayerSelection

    public init(layers: LayerSelection) {
        self.layers = layers
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers)
    }

    public var parameters: [String: ParameterValue] { [:] }
    public var category: StepCategory { .binarization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        var (result, remarks) = (compressed, [String]())
        for layer in layers {
            guard let place = result.network.place(ofLayer: layer) else { continue }
            let node = result.network.nodes[place]
            guard let weights = node.weights.map({ result.network[$0] }) else { continue }
            let axis = result.network.outputAxis(ofWeightsOf: node)
            let (signs, grid) = BinaryWeights.signs(of: weights.reals, shape: weights.shape, axis: axis)
            remarks += result.place(nodeAt: place, weights: signs, on: grid, bias: result.biasReals(of: node))
        }
        return StepOutcome(result, touched: layers, remarks: remarks)
    }

    /// Signs, and the bipolar grid with each filter's mean magnitude.
    private static func signs(of reals: [Double], shape: Shape, axis: Int) -> (signs: [Int], grid: Quantization) {
        let channels = ChannelIndexing(shape, axis: axis)
        var sums = [Double](repeating: 0, count: shape[axis])
        for index in reals.indices { sums[channels.channel(of: index)] += abs(reals[index]) }
        let members = Double(max(shape.elementCount / max(shape[axis], 1), 1))
        let largest = sums.max() ?? 0
        // A filter of zeros has no scale; one far below the others' keeps its sum next to nothing.
        let least = largest > 0 ? largest / members * 0x1p-20 : 0x1p-20
        let scales = sums.map { max(Float(max($0 / members, least)), Float.leastNormalMagnitude) }
        return (reals.map { $0 < 0 ? -1 : 1 }, Quantization(format: .bipolar, scales: scales, axis: axis))
    }
}
