import Diagnostics
import Networks
import Tensors

/// Signs that an integer layer reads are made by one integer threshold for each channel.
///
/// Between sums and signs lie requantization, clamp, terms of each channel and a comparison with zero: all together a step at
/// one integer, found by bisection of the nodes' own arithmetic. Where only the signs read a layer, its bias takes the threshold,
/// `sum + bias >= T`, and its result is the sign; a batch normalization is in weights and bias by then. Elsewhere a `thresholds`
/// node takes the place of the nodes. No sign changes.
public struct ThresholdFolding: CompressionStep {
    public static let description = StepDescription(
        name: "threshold-folding",
        summary: "Makes the signs that a layer reads by one integer threshold for each channel",
        citation:
            "Umuroglu et al.: FINN: A Framework for Fast, Scalable Binarized Neural Network Inference, 2017 (thresholds)",
        parameters: [], categories: [.quantization], profits: [.activations, .binaryProducts])

    public var layers: LayerSelection

    public init(layers: LayerSelection = .all) {
        self.layers = layers
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers)
    }

    public var parameters: [String: ParameterValue] { [:] }
    public var category: StepCategory { .quantization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: Self.description.name) { layer in
            SignChain(before: layer, in: compressed.network) == nil
                ? "it does not read signs of integers that depend on each channel alone" : nil
        }
        var result = compressed
        var touched: [String] = []
        var remarks: [String] = []
        for layer in admitted {
            guard let chain = SignChain(before: layer, in: result.network) else { continue }
            let thresholds = try chain.thresholds()
            if let place = chain.layer {
                touched.append(result.network.nodes[place].name)
                remarks.append("layer '\(result.network.nodes[place].name)': its result is the sign of sum and bias")
                result.fold(thresholds, into: place, of: chain)
            } else {
                let name = result.network.nodes[chain.nodes[0]].name
                touched.append(name)
                remarks.append("layer '\(layer)': \(chain.nodes.count) nodes before it become thresholds")
                result.replace(chain, byThresholds: thresholds)
            }
        }
        return StepOutcome(result, touched: touched + admitted, remarks: remarks)
    }
}

extension CompressedNetwork {
    /// Gives the sign of sum and bias as the result of a layer.
    fileprivate mutating func fold(_ thresholds: [Int], into place: Int, of chain: SignChain) {
        guard let operand = network.nodes[place].operation.weightOperand else { return }
        let id = network.own(operand: operand + 1, ofNodeAt: place)
        let bias = zip(network[id].constant?.integers ?? [], thresholds).map { $0 - $1 }
        let constant = Tensor(network[id].shape, wide: bias)
        (network[id].constant, network[id].elementType) = (constant, constant.elementType)
        network.nodes[place].operation = network.nodes[place].operation.withoutActivation
        network.nodes[place].outputs = [chain.signs]
        network.remove(nodesAt: chain.nodes)
    }

    /// Puts one node in the place of all between an element and its sign.
    fileprivate mutating func replace(_ chain: SignChain, byThresholds thresholds: [Int]) {
        guard let last = chain.nodes.last else { return }
        let name = network.nodes[last].name
        let constant = Tensor([thresholds.count, 1], wide: thresholds)
        let id = network.append(Value(name: network.unusedName("\(name).thresholds"), constant: constant))
        let axis = network[chain.start].shape.rank - 1
        network.nodes[last].operation = Thresholds(axis: axis, lowest: -1, step: 2)
        network.nodes[last].inputs = [chain.start, id]
        network.remove(nodesAt: chain.nodes.dropLast())
    }
}

extension Network {
    fileprivate mutating func remove(nodesAt places: some Sequence<Int>) {
        let gone = Set(places)
        nodes = nodes.indices.filter { !gone.contains($0) }.map { nodes[$0] }
    }
}

extension Operator {
    /// The same layer without a clamp on its result.
    fileprivate var withoutActivation: any Operator {
        switch self {
        case let layer as Convolution2D: Convolution2D(window: layer.window, groups: layer.groups)
        case let layer as DepthwiseConvolution2D: DepthwiseConvolution2D(window: layer.window)
        case is FullyConnected: FullyConnected()
        case let other: other
        }
    }
}
