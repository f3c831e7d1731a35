import Diagnostics
import Networks
import Tensors

/// A convolution is evaluated at part of its places; every other result is a copy of the nearest evaluated one, of equally near
/// ones of one drawn at random.
///
/// Products fall to the rate kept. The layer becomes a convolution at listed places and a copy of pixels, both stored with their
/// lists. Masks: places drawn at random; a grid; places that the pooling behind reads most often; and places of the largest
/// impact, the mean over cases of the sum over channels of `abs(dL/dv * v)`, where `L` is the negative logarithm of the
/// probability that the network gives its own answer (the paper trains with labels; calibration cases have none) or half the sum
/// of squares of a result that is no row of classes. Gradients of all layers come from one pass backwards for each case.
public struct Perforation: CompressionStep {
    public static let description = StepDescription(
        name: "perforation",
        summary: "Evaluates a convolution at part of its places and copies the nearest result to the others",
        citation:
            "Figurnov, Ibraimova, Vetrov, Kohli: PerforatedCNNs: Acceleration through Elimination of Redundant Convolutions, 2016",
        parameters: [
            ParameterDescription("rate", "Part of the places that are evaluated", .number(0.001...1, default: 0.5)),
            ParameterDescription(
                "mask", "Which places are evaluated",
                .choice(PerforationMask.allCases.map(\.rawValue), default: PerforationMask.impact.rawValue)),
            ParameterDescription("seed", "Seed of what is drawn at random", .integer(0...2_147_483_647, default: 0)),
        ], categories: [.perforation], profits: [.products])

    public var layers: LayerSelection
    private let rate: Double
    private let mask: PerforationMask
    private let seed: Int

    package init(layers: LayerSelection, rate: Double = 0.5, mask: PerforationMask = .impact, seed: Int = 0) {
        (self.layers, self.rate, self.mask, self.seed) = (layers, rate, mask, seed)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, rate: parameters.number("rate") ?? 0.5, mask: parameters.choice("mask"),
            seed: parameters.integer("seed") ?? 0)
    }

    public var parameters: [String: ParameterValue] {
        ["rate": .number(rate), "mask": .text(mask.rawValue), "seed": .integer(seed)]
    }

    public var category: StepCategory { .perforation }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        guard rate > 0, rate <= 1 else {
            throw Diagnostics([Diagnostic("a part of \(rate) of the places is not above 0 to 1")])
        }
        let network = compressed.network
        let admitted = try self.layers.admit(layers, to: "perforation") { refusal(of: $0, in: network) }
        let weights = try weights(of: admitted, in: network, observing: observer)
        var (result, touched, remarks) = (compressed, [String](), [String]())
        for layer in admitted {
            guard let place = network.place(ofLayer: layer) else { continue }
            let image = network[network.nodes[place].outputs[0]].shape
            var generator = SplitMix64(seed: UInt64(seed) &* 0x9E37_79B9 &+ UInt64(place))
            let positions = mask.positions(
                height: image[1], width: image[2], rate: rate, weights: weights[layer] ?? [], generator: &generator)
            guard positions.count < image[1] * image[2] else { continue }
            touched += result.perforate(layer, at: positions, using: &generator)
            remarks.append("layer '\(layer)': \(positions.count) of \(image[1] * image[2]) places are evaluated")
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    private func refusal(of layer: String, in network: Network) -> String? {
        guard let node = network.node(ofLayer: layer), node.operation is Convolution2D else {
            return "not a convolution, or perforated already"
        }
        let image = network[node.outputs[0]].shape
        if image[1] * image[2] == 1 { return "its result is a single place" }
        if mask == .pooling, network.pooling(behind: node) == nil { return "no pooling reads its result" }
        if mask == .impact, !network[node.outputs[0]].isFloat { return "impact is measured in float; perforate first" }
        return nil
    }

    /// How much each place of each layer counts, for masks that ask.
    private func weights(
        of layers: [String], in network: Network, observing observer: any ActivationObserver
    ) throws -> [String: [Double]] {
        switch mask {
        case .uniform, .grid: return [:]
        case .impact: return try PlaceImpact(of: layers, in: network, observing: observer).places
        case .pooling:
            let nodes = network.nodes.filter { layers.contains($0.name) }
            return Dictionary(
                uniqueKeysWithValues: nodes.map { ($0.name, network.poolingReads(of: $0)) })
        }
    }
}

extension CompressedNetwork {
    /// Evaluates a convolution at `positions` and copies the nearest result everywhere else.
    fileprivate mutating func perforate(
        _ layer: String, at positions: [Int], using generator: inout SplitMix64
    ) -> [String] {
        guard let place = network.place(ofLayer: layer),
            let convolution = network.nodes[place].operation as? Convolution2D
        else { return [] }
        let whole = network.nodes[place].outputs
        let image = network[whole[0]]
        let name = network.unusedName("\(layer).copy")
        var row = Value(
            name: network.unusedName("\(layer).row"), shape: [image.shape[0], 1, positions.count, image.shape[3]],
            elementType: image.elementType)
        row.quantization = image.quantization
        let pixels = network.append(row)
        let nearest = NearestPositions(
            positions, height: image.shape[1], width: image.shape[2], using: &generator)
        network.nodes[place].operation = PerforatedConvolution2D(convolution, at: positions)
        network.nodes[place].outputs = [pixels]
        let copy = PixelCopy(height: image.shape[1], width: image.shape[2], sources: nearest.sources)
        network.nodes.insert(Node(name: name, operation: copy, inputs: [pixels], outputs: whole), at: place + 1)
        origins[name] = origin(of: layer)
        return [layer, name]
    }
}

extension Network {
    /// The pooling that reads a layer's result, with its kernel, or nil where there is none.
    fileprivate func pooling(behind node: Node) -> (node: Node, window: Window, height: Int, width: Int)? {
        for reader in nodes where reader.inputs.contains(node.outputs[0]) {
            if let pool = reader.operation as? MaxPool2D {
                return (reader, pool.window, pool.kernelHeight, pool.kernelWidth)
            }
            if let pool = reader.operation as? AveragePool2D {
                return (reader, pool.window, pool.kernelHeight, pool.kernelWidth)
            }
        }
        return nil
    }

    /// In how many windows of the pooling behind a layer each place of its result lies.
    fileprivate func poolingReads(of node: Node) -> [Double] {
        let image = self[node.outputs[0]].shape
        var reads = [Double](repeating: 0, count: image[1] * image[2])
        guard let pool = pooling(behind: node) else { return reads }
        let result = self[pool.node.outputs[0]].shape
        pool.window.forEachTap(
            image: image, result: result, kernel: (pool.height, pool.width)
        ) { _, _, source in reads[source] += 1 }
        return reads
    }
}

extension Window {
    /// Calls `body` with the output place, the tap and the place of the image under it, padding left out.
    func forEachTap(
        image: Shape, result: Shape, kernel: (height: Int, width: Int), _ body: (Int, Int, Int) -> Void
    ) {
        for place in 0..<result[1] * result[2] {
            let top = place / result[2] * strideHeight - padding.top
            let left = place % result[2] * strideWidth - padding.left
            for tap in 0..<kernel.height * kernel.width {
                let row = top + tap / kernel.width * dilationHeight
                let column = left + tap % kernel.width * dilationWidth
                if row >= 0, row < image[1], column >= 0, column < image[2] {
                    body(place, tap, row * image[2] + column)
                }
            }
        }
    }
}
