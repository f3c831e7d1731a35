import Diagnostics
import Networks
import Tensors

/// Of every kernel the weights at one offset and stride stay; kernels that read the same input channel share the offset.
///
/// Places of a kernel are numbered along its rows; pattern `o` of stride `s` keeps the places `p` with `p mod s = o`. A patch matrix
/// then lacks whole columns, and a product of the shorter matrices remains. For each input channel the offset is taken that loses
/// the least sum of magnitudes over all outputs, or with the criterion `response` the least energy `sum over outputs of d' G d`:
/// `d` are the weights that go, `G` the sums of products of the inputs that they multiply on calibration cases. Index:
/// `inputs * log2(patterns)` bits, rounded up for each input, beside the patterns themselves. The source searches masks by particle
/// filters with training; here each input decides alone.
public struct StridedKernelPruning: CompressionStep {
    /// What an offset shall lose least of.
    public enum Criterion: String, Sendable, Hashable, Codable, CaseIterable {
        case magnitude
        case response
    }

    public static let description = StepDescription(
        name: "strided-kernel-pruning",
        summary: "Keeps kernel weights at one offset and stride, the same for all kernels of an input channel",
        citation: "Anwar, Hwang, Sung: Structured Pruning of Deep Convolutional Neural Networks, 2017",
        parameters: [
            ParameterDescription("stride", "Distance of the places that stay", .integer(2...64, default: 2)),
            ParameterDescription(
                "criterion", "What an offset shall lose least of",
                .choice(Criterion.allCases.map(\.rawValue), default: Criterion.magnitude.rawValue)),
            ParameterDescription(
                "positions", "Output positions of a calibration case that are looked at, at most",
                .integer(1...1_048_576, default: 256)),
        ], categories: [.sparsification], profits: [.storage, .zeroSkipping])

    public var layers: LayerSelection
    /// 2...64.
    public var stride: Int
    public var criterion: Criterion
    /// At least 1.
    public var positions: Int

    public init(
        layers: LayerSelection = .all, stride: Int = 2, criterion: Criterion = .magnitude, positions: Int = 256
    ) {
        self.layers = layers
        self.stride = stride
        self.criterion = criterion
        self.positions = positions
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, stride: parameters.integer("stride") ?? 2, criterion: parameters.choice("criterion"),
            positions: parameters.integer("positions") ?? 256)
    }

    public var parameters: [String: ParameterValue] {
        ["stride": .integer(stride), "criterion": .text(criterion.rawValue), "positions": .integer(positions)]
    }

    public var category: StepCategory { .sparsification }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "strided kernel pruning") { layer in
            compressed.maskingRefusal(of: layer) ?? refusal(of: layer, in: compressed.network)
        }
        var result = compressed
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer), let id = result.network.nodes[place].weights else {
                continue
            }
            let kernels = KernelPlaces(result.network[id].shape)
            var gram: Matrix?
            if criterion == .response {
                gram = try observer.moments(
                    of: result.network.nodes[place], in: result.network, positions: positions
                ).first?.gram
            }
            let reals = result.network[id].reals
            let offsets = (0..<kernels.inputs).map { input in
                let losses = (0..<stride).map { loss(of: reals, kernels, input: input, offset: $0, gram: gram) }
                return losses.indices.min { (losses[$0], $0) < (losses[$1], $1) } ?? 0
            }
            let dictionary = (0..<stride).map { offset in (0..<kernels.places).map { $0 % stride == offset } }
            result.keep(dictionary, patterns: offsets, sharesInputs: true, ofLayer: layer)
        }
        return StepOutcome(result, touched: admitted)
    }

    /// What all kernels of an input channel lose of the criterion with an offset.
    private func loss(of reals: [Double], _ kernels: KernelPlaces, input: Int, offset: Int, gram: Matrix?) -> Double {
        let dropped = (0..<kernels.places).filter { $0 % stride != offset }
        return (0..<kernels.outputs).reduce(0) { sum, output in
            let lost = dropped.map { reals[kernels.element(output: output, place: $0, input: input)] }
            guard let gram else { return sum + lost.reduce(0) { $0 + abs($1) } }
            let columns = dropped.map { $0 * kernels.inputs + input }
            return lost.indices.reduce(sum) { sum, left in
                lost.indices.reduce(sum) { $0 + lost[left] * lost[$1] * gram[columns[left], columns[$1]] }
            }
        }
    }

    private func refusal(of layer: String, in network: Network) -> String? {
        guard let node = network.nodes.first(where: { $0.name == layer }), let weights = node.weights,
            let convolution = node.operation as? Convolution2D, convolution.groups == 1,
            network[weights].shape.rank == 4
        else { return "not a convolution without groups" }
        let places = KernelPlaces(network[weights].shape).places
        return stride > places ? "a stride of \(stride) in kernels of \(places) weights" : nil
    }
}
