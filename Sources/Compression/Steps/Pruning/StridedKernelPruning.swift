import Diagnostics
import Networks
import Tensors

/// Of every kernel the weights at one offset and stride stay; kernels that read the same input channel share the offset.
///
/// Places of a kernel are numbered along its rows; pattern `o` of stride `s` keeps the places `p` with `p mod s = o`. A patch matrix
/// then lacks whole columns, and a product of the shorter matrices remains. For each input channel the offset is taken that loses
/// the least sum of magnitudes over all outputs, or with the criterion `response` the least energy `sum over outputs of d' G d`:
/// `d` are the weights that go, `G` the sums of products of the inputs that they multiply on calibration cases. Index:
/// `inputs * log2(patterns)` bits, rounded up for each input, beside the patterns themselves. In groups and in depthwise layers
/// an input channel is read by the kernels of its group alone. The source searches masks by particle filters with training; here
/// each input decides alone.
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
            let (node, shape) = (result.network.nodes[place], result.network[id].shape)
            guard let form = PatternedKernels(sharingInputsOf: node, in: result.network) else { continue }
            let moments =
                try criterion == .magnitude
                ? [] : observer.moments(of: node, in: result.network, positions: positions)
            guard moments.allSatisfy({ $0.count > 0 }) else { throw Diagnostics([.withoutCases(layer: layer)]) }
            let readers = readers(of: result.network[id].reals, shape: shape, form: form)
            let depth = form.depth(of: shape)
            let offsets = readers.enumerated().map { input, kernels in
                let gram = moments.isEmpty ? nil : moments[input / depth].gram
                let losses = (0..<stride).map { offset in
                    loss(of: kernels, offset: offset) { gram?[$0 * depth + input % depth, $1 * depth + input % depth] }
                }
                return losses.indices.min { (losses[$0], $0) < (losses[$1], $1) } ?? 0
            }
            let places = KernelPlaces(shape).places
            let dictionary = (0..<stride).map { offset in (0..<places).map { $0 % stride == offset } }
            result.keep(dictionary, patterns: offsets, form: form, ofLayer: layer)
        }
        return StepOutcome(result, touched: admitted)
    }

    /// The kernels that read each input channel.
    private func readers(of reals: [Double], shape: Shape, form: PatternedKernels) -> [[[Double]]] {
        let kernels = KernelPlaces(shape)
        var readers = [[[Double]]](repeating: [], count: form.patternCount(of: shape))
        for kernel in 0..<kernels.count {
            readers[form.pattern(ofKernel: kernel, shape: shape)].append(kernels.kernel(kernel, of: reals))
        }
        return readers
    }

    /// What kernels that read one input channel lose of the criterion with an offset.
    ///
    /// - Parameter gram: the sum of products of the inputs at two places of the kernel; nil where magnitudes count.
    private func loss(of kernels: [[Double]], offset: Int, gram: (_ left: Int, _ right: Int) -> Double?) -> Double {
        kernels.reduce(0) { sum, kernel in
            let dropped = kernel.indices.filter { $0 % stride != offset }
            return dropped.reduce(sum) { sum, left in
                guard gram(left, left) != nil else { return sum + abs(kernel[left]) }
                return dropped.reduce(sum) { $0 + kernel[left] * kernel[$1] * (gram(left, $1) ?? 0) }
            }
        }
    }

    private func refusal(of layer: String, in network: Network) -> String? {
        guard let node = network.nodes.first(where: { $0.name == layer }), let weights = node.weights,
            PatternedKernels(sharingInputsOf: node, in: network) != nil, network[weights].shape.rank == 4
        else { return "not a convolution" }
        let places = KernelPlaces(network[weights].shape).places
        return stride > places ? "a stride of \(stride) in kernels of \(places) weights" : nil
    }
}

extension PatternedKernels {
    /// The form in which all kernels that read the same input channel have the same pattern; nil for no convolution.
    fileprivate init?(sharingInputsOf node: Node, in network: Network) {
        if let convolution = node.operation as? Convolution2D {
            self.init(sharesInputs: true, groups: convolution.groups)
        } else if node.operation is DepthwiseConvolution2D {
            self.init(sharesInputs: true, groups: network[node.inputs[0]].shape[3], isDepthwise: true)
        } else {
            return nil
        }
    }
}
