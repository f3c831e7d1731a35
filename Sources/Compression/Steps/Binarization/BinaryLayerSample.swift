import Diagnostics
import Networks
import Tensors

/// What a binary layer is made of.
struct BinaryLayer {
    /// What is taken from each channel of the input, or nil for nothing.
    var offsets: [Float]?
    /// The magnitude of the input's signs; nil where it is computed for each position.
    var beta: Float?
    /// 1 or -1 for each weight.
    var signs: [Int]
    /// A positive scale for each filter.
    var alphas: [Float]
    var bias: [Float]
}

/// Inputs and responses of a layer at some positions, from which the scales of its binary form are computed.
struct BinaryLayerSample {
    private let patches: LayerPatches
    private let filters: Matrix
    private let bias: [Double]
    private let centers: Bool
    /// Input channels that have a mean of their own.
    private let channels: Int
    private var means: [Double]
    private var inputs: [Matrix] = []
    /// What the layer gave at the same positions before the step, without its clamp.
    private var responses: [Matrix] = []
    /// 1 where an input lies in the image, a row for each position looked at.
    private var inside: Matrix

    init?(of node: Node, in network: Network, offset: BinaryActivations.Offset) {
        guard let patches = LayerPatches(node, in: network), let id = node.weights else { return nil }
        self.patches = patches
        filters = patches.filters(of: network[id].reals)
        bias =
            node.bias.flatMap { network[$0].constant?.floats.map(Double.init) }
            ?? [Double](repeating: 0, count: patches.groupOutputs)
        centers = offset == .mean
        channels = network[node.inputs[0]].shape.extents.last ?? 1
        means = [Double](repeating: 0, count: channels)
        inside = Matrix(rows: 0, columns: patches.columns, elements: [])
    }

    /// Looks at the calibration cases: at what the layer gets in `network`, and at what it gave in `before`.
    mutating func observe(
        _ node: Node, in network: Network, before: Network?, observing observer: any ActivationObserver, positions: Int
    ) throws {
        let (places, shape) = (patches.spread(positions), network[node.inputs[0]].shape)
        var (sums, count) = ([Double](repeating: 0, count: channels), 0)
        try observer.observe([node.inputs[0]], of: network) { tensors in
            inputs.append(patches.matrix(of: tensors[0], at: places))
            guard centers else { return }
            let reals = tensors[0].floats
            for place in reals.indices { sums[place % channels] += Double(reals[place]) }
            count += reals.count / max(channels, 1)
        }
        guard !inputs.isEmpty else { throw Diagnostic.withoutCases(layer: node.name) }
        if let before, let original = before.node(ofLayer: node.name) {
            responses = try observer.responses(of: original, in: before, positions: positions).map { $0[0] }
        }
        if centers { means = sums.map { Double(Float($0 / Double(max(count, 1)))) } }
        inside = patches.matrix(of: Tensor(shape, [Float](repeating: 1, count: shape.elementCount)), at: places)
    }

    /// The binary layer with its scales.
    func layer(inputScale: BinaryActivations.InputScale, fit: BinaryActivations.Fit) throws -> BinaryLayer {
        let beta: Float? =
            switch inputScale {
            case .one: 1
            case .mean: meanMagnitude > 0 ? max(Float(meanMagnitude), Float.leastNormalMagnitude) : 1
            case .map: nil
            }
        var filters = filters
        // The response to the means themselves, where the whole window lies in the image.
        var terms = (0..<filters.rows).map { row in
            bias[row] + (0..<filters.columns).reduce(0) { $0 + filters[row, $1] * means[$1 % channels] }
        }
        if fit == .responses { (filters, terms) = try fitted(beta: beta.map(Double.init)) }
        let largest = filters.elements.reduce(0) { max($0, abs($1)) }
        let least = largest > 0 ? largest * 0x1p-20 : 0x1p-20
        let alphas = (0..<filters.rows).map { row in
            let sum = (0..<filters.columns).reduce(0) { $0 + abs(filters[row, $1]) }
            return max(Float(max(sum / Double(max(filters.columns, 1)), least)), Float.leastNormalMagnitude)
        }
        return BinaryLayer(
            offsets: centers ? means.map { Float($0) } : nil, beta: beta,
            signs: filters.elements.map { $0 < 0 ? -1 : 1 }, alphas: alphas, bias: terms.map { Float($0) })
    }

    private func centered(_ input: Matrix) -> Matrix {
        Matrix(rows: input.rows, columns: input.columns) { row, column in
            inside[row, column] * (input[row, column] - means[column % channels])
        }
    }

    private var meanMagnitude: Double {
        let sum = inputs.reduce(0) { $0 + centered($1).elements.reduce(0) { $0 + abs($1) } }
        let count = inside.elements.reduce(0, +) * Double(inputs.count)
        return count > 0 ? sum / count : 0
    }

    /// Filters of one magnitude each, and terms, that bring products with scaled signs nearest to the responses.
    ///
    /// First the reals that do so by least squares, then signs and magnitudes for these.
    private func fitted(beta: Double?) throws -> (filters: Matrix, terms: [Double]) {
        var moments = LayerMoments(columns: filters.columns, targets: filters.rows)
        for (input, response) in zip(inputs, responses) { moments.add(signs(of: input, beta: beta), targets: response) }
        let (reals, offsets) = try moments.leastSquares(damping: 0.01)
        let fit = try ResponseFit(moments)
        var (elements, terms) = ([Double](), offsets)
        for channel in terms.indices {
            let filter = (0..<filters.columns).map { reals[$0, channel] }
            let magnitude = filter.reduce(0) { $0 + abs($1) } / Double(max(filter.count, 1))
            let chosen = fit.fitted(
                filter, table: [[-1], [1]], start: (filter.map { $0 < 0 ? 0 : 1 }, [magnitude]),
                isAllowed: { $0[0] > 0 })
            let values = chosen.codes.map { $0 == 0 ? -chosen.coefficients[0] : chosen.coefficients[0] }
            terms[channel] += fit.meanChange(from: filter, to: values)
            elements += values
        }
        return (Matrix(rows: filters.rows, columns: filters.columns, elements: elements), terms)
    }

    /// What the layer's signs stand for.
    private func signs(of input: Matrix, beta: Double?) -> Matrix {
        let centered = centered(input)
        let scales = (0..<input.rows).map { row in
            beta ?? (0..<input.columns).reduce(0) { $0 + abs(centered[row, $1]) } / Double(max(input.columns, 1))
        }
        return Matrix(rows: input.rows, columns: input.columns) { row, column in
            inside[row, column] * (centered[row, column] < 0 ? -scales[row] : scales[row])
        }
    }
}
