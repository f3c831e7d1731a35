import Diagnostics
import Networks
import Tensors

/// What both hashing steps are told: how many values, by which hashes, fitted to what.
struct HashSettings: Sendable {
    /// To what values are fitted.
    enum Fit: String, Sendable, Hashable, Codable, CaseIterable {
        /// To the weights, by least squares.
        case weights
        /// To the layer's responses on the calibration cases, by least squares.
        case responses
    }

    var buckets: Int?
    var fraction: Double?
    var seed: Int
    var fit: Fit
    var positions: Int

    static let parameters = [
        ParameterDescription(
            "buckets", "Values stored for a layer; give this or a fraction", .integer(1...1 << 28, default: nil)),
        ParameterDescription(
            "fraction", "Values stored as a part of the weights, at least one; 1/8 if nothing is given",
            .number(0.0001...1, default: nil)),
        ParameterDescription("seed", "Of the hashes", .integer(0...Int(UInt32.max), default: 0)),
        ParameterDescription(
            "fit", "To what the values are fitted", .choice(Fit.allCases.map(\.rawValue), default: "weights")),
        ParameterDescription(
            "positions", "Output positions of a case that are looked at for responses", .integer(1...4096, default: 64)),
    ]

    init(buckets: Int?, fraction: Double?, seed: Int, fit: Fit, positions: Int) {
        (self.buckets, self.fraction, self.seed, self.fit, self.positions) = (buckets, fraction, seed, fit, positions)
    }

    init(_ parameters: StepParameters) {
        self.init(
            buckets: parameters.integer("buckets"), fraction: parameters.number("fraction"),
            seed: parameters.integer("seed") ?? 0, fit: parameters.choice("fit"),
            positions: parameters.integer("positions") ?? 64)
    }

    var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [
            "seed": .integer(seed), "fit": .text(fit.rawValue), "positions": .integer(positions),
        ]
        if let buckets { parameters["buckets"] = .integer(buckets) }
        if let fraction { parameters["fraction"] = .number(fraction) }
        return parameters
    }

    /// The number of values of a layer.
    ///
    /// - Throws: `Diagnostic` when both numbers are given, or more values than weights.
    func count(for weights: Int, layer: String) throws -> Int {
        guard let buckets else { return max(1, Int((Double(weights) * (fraction ?? 0.125)).rounded())) }
        guard fraction == nil else { throw Diagnostic(layer: layer, "give either buckets or fraction") }
        guard buckets <= weights else {
            throw Diagnostic(layer: layer, "\(buckets) buckets for \(weights) weights")
        }
        return buckets
    }

    /// Replaces the weights of the layers that a step selects, one after the other on what the network then gives.
    func replaceWeights(
        of compressed: CompressedNetwork, layers: [String], for step: some CompressionStep, reads: Int, hidden: Int,
        rounds: Int, observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try step.layers.admit(layers, to: type(of: step).description.name) {
            refusal(of: $0, in: compressed.network)
        }
        var result = compressed
        let remarks = try result.changeEach(admitted) { result, place in
            let node = result.network.nodes[place]
            guard let value = node.weights.map({ result.network[$0] }) else { return [] }
            let target = value.reals
            let count = try count(for: target.count, layer: node.name)
            let seed = UInt32(truncatingIfNeeded: self.seed)
            let hashed = HashedReads(seed: seed, reads: reads, buckets: count, count: target.count)
            let metric =
                fit == .weights
                ? nil
                : try HashMetric(
                    of: node, in: result.network, observing: observer, positions: positions)
            let fit = try FunctionalHashFit(
                HashFit(reads: hashed, target: target, metric: metric), hidden: hidden, seed: seed, rounds: rounds)
            try result.compose(
                nodeAt: place,
                by: HashedValues.composition(seed: seed, buckets: fit.buckets, network: fit.network))
            if let metric, let id = result.network.nodes[place].weights {
                let change = zip(target, result.network[id].reals).map { $0 - $1 }
                result.network.shiftBias(ofNodeAt: place, by: metric.meanChange(change))
            }
            return ["layer '\(node.name)': \(target.count) weights read \(count) values"]
        }
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    /// Why weights cannot be hashed, or nil if they can.
    private func refusal(of layer: String, in network: Network) -> String? {
        if let reason = network.refusalOfNewWeights(for: layer) { return reason }
        guard let node = network.node(ofLayer: layer), let id = node.weights, network[id].isFloat
        else { return "its weights are integers; hash first, quantize after" }
        return nil
    }
}
