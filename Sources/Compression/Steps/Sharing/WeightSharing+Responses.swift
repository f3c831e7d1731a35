import Diagnostics
import Networks
import Tensors

extension WeightSharing {
    /// Values of a table that are fitted to responses, at most: all are solved for together.
    static let largestFittedTable = 256

    /// Weights of a filter that are fitted to responses, at most: five matrices of so many rows and columns take 1 GB.
    private static let largestFilter = 5120

    private static let positions = 64
    private static let rounds = 8
    private static let damping = 0.01

    /// Gives a layer shared values fitted to what it responded in `given`, and the bias that takes the mean error.
    ///
    /// - Returns: how well it answers.
    /// - Throws: `Diagnostic` without calibration cases; what the observer throws.
    func shareForResponses(
        ofNodeAt place: Int, of result: inout CompressedNetwork, given: Network,
        observing observer: any ActivationObserver
    ) throws -> [String] {
        let node = result.network.nodes[place]
        guard let id = node.weights, let patches = LayerPatches(node, in: result.network),
            let source = given.node(ofLayer: node.name)
        else { return [] }
        guard patches.columns <= Self.largestFilter else {
            result.network[id].constant = shared(result.network[id])
            return ["layer '\(node.name)': fitted to weights, for its filters have more than \(Self.largestFilter)"]
        }
        let targets = try observer.responses(of: source, in: given, positions: Self.positions)
        guard !targets.isEmpty else { throw Diagnostic.withoutCases(layer: node.name) }
        let moments = try observer.moments(
            of: node, in: result.network, positions: Self.positions, targets: targets
        ).map { ResponseMoments($0) }
        var reals = result.network[id].reals
        let filters = moments.indices.map { patches.filters(of: reals, group: $0) }
        guard let clusters = clusters(of: numbers(filters, moments), all: reals.count) else { return [] }
        let groups = zip(moments, filters).map { moments, filters in
            ResponseValues.Group(
                moments: moments.drawn(towards: filters.transposed, damping: Self.damping), filters: filters)
        }
        let fitted = try ResponseValues(groups, start: clusters, rounds: Self.rounds).groups.map(\.filters)
        for (group, filters) in fitted.enumerated() { patches.put(filters, group: group, into: &reals) }
        result.network[id].constant = Tensor(result.network[id].shape, reals.map { Float($0) })
        let offsets = zip(moments, fitted).flatMap { $0.offsets(for: $1.transposed) }
        result.network.shiftBias(ofNodeAt: place, by: zip(offsets, result.biasReals(of: node)).map { $0 - $1 })
        let errors = zip(moments, fitted).map { $0.relativeError(of: $1.transposed) }
        return [Diagnostic.fitRemark(layer: node.name, error: errors.reduce(0, +) / Double(errors.count))]
    }

    /// Weights that are not zero, each with the mean square of the inputs that it multiplies.
    private func numbers(_ filters: [Matrix], _ moments: [ResponseMoments]) -> [(value: Double, weight: Double)] {
        zip(filters, moments).flatMap { filters, moments in
            let least = moments.gram.meanDiagonal * Self.damping
            return filters.elements.indices.compactMap { place in
                let (weight, column) = (filters.elements[place], place % filters.columns)
                return weight == 0 ? nil : (weight, max(moments.gram[column, column] + least, .leastNormalMagnitude))
            }
        }
    }

    /// Why a layer's values cannot be fitted to its responses, or nil if they can.
    func fitRefusal(of layer: String, in compressed: CompressedNetwork) -> String? {
        guard let node = compressed.network.node(ofLayer: layer), let weights = node.weights,
            LayerPatches(node, in: compressed.network) != nil
        else { return "its weights multiply no patches" }
        guard compressed.network[weights].isFloat else {
            return "its weights are integers; share first, quantize after"
        }
        if let bias = node.bias.map({ compressed.network[$0] }), bias.constant == nil { return "its bias is computed" }
        return count > Self.largestFittedTable
            ? "tables of more than \(Self.largestFittedTable) values are fitted to weights only" : nil
    }
}
