import Diagnostics
import FixedPoint
import Networks
import Tensors

/// The weights of a layer take `k` shared values, found by k-means from a linear start.
///
/// Centers start evenly between the least and the largest weight that is not zero, so that the few large weights keep values near
/// them. Zero stays zero and takes one of the `k` places where a layer has zeros, so that pruning survives. Stored are the table
/// and places of `ceil(log2 k)` bits: `n` weights of `b` bits shrink by `n b / (n log2 k + k b)`. Lossless where no more than `k`
/// values are distinct. On integers the squared error counts in reals and values are rounded to the grid. Centers are not trained.
/// With the fit to responses k-means weighs each weight by the mean square of what it multiplies, and then places and values take
/// turns so that the layer answers as it did before, with a hundredth of the mean squared input drawing weights to what they were.
public struct WeightSharing: CompressionStep {
    public static let description = StepDescription(
        name: "weight-sharing",
        summary: "Gives the weights of each layer a few shared values by k-means, started evenly between the extremes",
        citation:
            "Han, Mao, Dally: Deep Compression, 2016; Gong, Liu, Yang, Bourdev: Compressing Deep Convolutional Networks using Vector Quantization, 2014; Choi, El-Khamy, Lee: Towards the Limit of Network Quantization, 2017",
        parameters: [
            ParameterDescription(
                "bits", "Bits of a place in the table, which has 2^bits values", .integer(1...16, default: 5)),
            ParameterDescription(
                "values", "Values of the table, in the place of 2^bits", .integer(1...65_536, default: nil)),
            ParameterDescription(
                "start", "Where the centers start",
                .choice(ScalarClusters.Start.allCases.map(\.rawValue), default: "linear")),
            ParameterDescription(
                "fit", "Whether weights or the layer's responses on calibration cases are brought near",
                .choice(FitTarget.allCases.map(\.rawValue), default: FitTarget.weights.rawValue)),
        ], categories: [.sharing], profits: [.storage, .tableLookup])

    public var layers: LayerSelection
    private let bits: Int
    private let values: Int?
    private let start: ScalarClusters.Start
    private let fit: FitTarget

    package init(
        layers: LayerSelection = .all, bits: Int = 5, values: Int? = nil, start: ScalarClusters.Start = .linear,
        fit: FitTarget = .weights
    ) {
        (self.layers, self.bits, self.values) = (layers, bits, values)
        (self.start, self.fit) = (start, fit)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, bits: parameters.integer("bits") ?? 5, values: parameters.integer("values"),
            start: parameters.choice("start"), fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = ["bits": .integer(bits), "start": .text(start.rawValue)]
        if fit != .weights { parameters["fit"] = .text(fit.rawValue) }
        if let values { parameters["values"] = .integer(values) }
        return parameters
    }

    public var category: StepCategory { .sharing }

    var count: Int { values ?? 1 << bits }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: Self.description.name) {
            refusal(of: $0, in: compressed)
        }
        var result = compressed
        let remarks = try result.changeEach(admitted) { result, place in
            guard let id = result.ownWeights(ofNodeAt: place) else { return [] }
            var remarks: [String] = []
            switch fit {
            case .weights:
                result.network[id].constant = shared(result.network[id])
            case .responses:
                remarks = try shareForResponses(
                    ofNodeAt: place, of: &result, given: compressed.network, observing: observer)
            }
            result.encodings[result.network[id].name] = WeightEncoding(.dense, elements: .shared)
            return remarks
        }
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    /// Why a layer's weights cannot be shared, or nil if they can.
    private func refusal(of layer: String, in compressed: CompressedNetwork) -> String? {
        guard let place = compressed.network.place(ofLayer: layer), let id = compressed.network.nodes[place].weights
        else { return "it has no constant weights" }
        let value = compressed.network[id]
        if compressed.grids[value.name] != nil || value.quantization?.format.encoding == .bipolar {
            return "signs share two values already"
        }
        if let points = value.quantization?.zeroPoints, Set(points).count > 1 {
            return "its channels have different zero points"
        }
        guard count <= value.shape.elementCount else {
            return "a table of \(count) values is larger than its \(value.shape.elementCount) weights"
        }
        let reals = value.reals
        if count == 1, reals.contains(0), reals.contains(where: { $0 != 0 }) {
            return "one value cannot be both zero and another"
        }
        return fit == .responses ? fitRefusal(of: layer, in: compressed) : nil
    }

    func shared(_ value: Value) -> Tensor? {
        guard let constant = value.constant else { return nil }
        guard let quantization = value.quantization, let integers = constant.integers else {
            let reals = constant.floats
            let numbers = reals.filter { $0 != 0 }.map { (value: Double($0), weight: 1.0) }
            guard let clusters = clusters(of: numbers, all: reals.count) else { return constant }
            return Tensor(value.shape, reals.map { $0 == 0 ? 0 : Float(clusters.nearest(to: Double($0))) })
        }
        let (channels, zeroPoint) = (ChannelIndexing(value.shape, axis: quantization.axis), quantization.zeroPoint)
        let numbers = integers.enumerated().filter { $0.element != zeroPoint }.map { place, integer in
            let scale = Double(quantization.scales[channels.channel(of: place)])
            return (value: Double(integer - zeroPoint), weight: scale * scale)
        }
        guard let clusters = clusters(of: numbers, all: integers.count) else { return constant }
        let moved = integers.map { integer in
            integer == zeroPoint
                ? integer : Int(clusters.nearest(to: Double(integer - zeroPoint)).rounded()) + zeroPoint
        }
        return Tensor(value.shape, integers: moved, storedAs: constant.elementType)
    }

    /// The shared values of the numbers that are not zero; nil when there are none.
    func clusters(of numbers: [(value: Double, weight: Double)], all: Int) -> ScalarClusters? {
        numbers.isEmpty
            ? nil : ScalarClusters(numbers, count: numbers.count < all ? count - 1 : count, start: start)
    }
}
