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

    /// Looks at the calibration cases.
    mutating func observe(
        _ node: Node, in network: Network, observing observer: any ActivationObserver, positions: Int
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
        guard !inputs.isEmpty else { throw Diagnostic(layer: node.name, "no calibration case was shown") }
        if centers { means = sums.map { Double(Float($0 / Double(max(count, 1)))) } }
        inside = patches.matrix(of: Tensor(shape, [Float](repeating: 1, count: shape.elementCount)), at: places)
    }

    /// The binary layer with its scales.
    func layer(inputScale: BinaryActivations.InputScale, fit: BinaryActivations.Fit) -> BinaryLayer {
        let signs = filters.elements.map { $0 < 0 ? -1 : 1 }
        let (depth, largest) = (Double(max(filters.columns, 1)), filters.elements.reduce(0) { max($0, abs($1)) })
        let least = largest > 0 ? largest * 0x1p-20 : 0x1p-20
        var alphas = (0..<filters.rows).map { row in
            max((0..<filters.columns).reduce(0) { $0 + abs(filters[row, $1]) } / depth, least)
        }
        // The response to the means themselves, where the whole window lies in the image.
        var terms = (0..<filters.rows).map { row in
            bias[row] + (0..<filters.columns).reduce(0) { $0 + filters[row, $1] * means[$1 % channels] }
        }
        let beta: Float? =
            switch inputScale {
            case .one: 1
            case .mean: max(Float(meanMagnitude), Float.leastNormalMagnitude)
            case .map: nil
            }
        if fit == .responses {
            let lines = lines(signs: signs, alphas: alphas, beta: beta.map(Double.init))
            for channel in alphas.indices {
                alphas[channel] = max(alphas[channel] * lines[channel].slope, least)
                terms[channel] = lines[channel].term
            }
        }
        return BinaryLayer(
            offsets: centers ? means.map { Float($0) } : nil, beta: beta, signs: signs,
            alphas: alphas.map { max(Float($0), Float.leastNormalMagnitude) }, bias: terms.map { Float($0) })
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

    /// For each output channel the line from the binary product to the response that fits best; slopes are not negative.
    private func lines(signs: [Int], alphas: [Double], beta: Double?) -> [(slope: Double, term: Double)] {
        let binary = Matrix(rows: filters.columns, columns: filters.rows) { column, row in
            alphas[row] * Double(signs[row * filters.columns + column])
        }
        let exact = filters.transposed
        var (sums, count) = ([LineSums](repeating: LineSums(), count: filters.rows), 0.0)
        for input in inputs {
            let centered = centered(input)
            let products = Matrix(rows: input.rows, columns: input.columns) { row, column in
                inside[row, column] * (centered[row, column] < 0 ? -1 : 1)
            }.times(binary)
            let responses = input.times(exact)
            for row in 0..<input.rows {
                let scale =
                    beta ?? (0..<input.columns).reduce(0) { $0 + abs(centered[row, $1]) } / Double(input.columns)
                for channel in sums.indices {
                    sums[channel].add(scale * products[row, channel], responses[row, channel] + bias[channel])
                }
            }
            count += Double(input.rows)
        }
        return sums.map { $0.line(count: count) }
    }
}

/// Sums from which a line through points is fitted.
private struct LineSums {
    private var (x, y, xx, xy) = (0.0, 0.0, 0.0, 0.0)

    mutating func add(_ x: Double, _ y: Double) {
        self.x += x
        self.y += y
        xx += x * x
        xy += x * y
    }

    /// The level line through the mean where the slope would be negative.
    func line(count: Double) -> (slope: Double, term: Double) {
        guard count > 0 else { return (1, 0) }
        let (variance, covariance) = (xx - x * x / count, xy - x * y / count)
        let slope = variance > 1e-12 * xx ? max(covariance / variance, 0) : 0
        return (slope, (y - slope * x) / count)
    }
}
