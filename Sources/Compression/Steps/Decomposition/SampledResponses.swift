import Diagnostics
import Networks
import Tensors

/// Responses of a layer before its clamp on calibration cases, one row a sampled output position.
struct SampledResponses {
    /// Rows by output channels.
    let matrix: Matrix

    /// - Parameter positions: at most so many positions of a case, at even distances.
    /// - Throws: `Diagnostic` when there are no calibration cases.
    init(of node: Node, in network: Network, observing observer: any ActivationObserver, positions: Int) throws {
        guard let layer = LinearResponse(node, in: network, positions: positions) else {
            throw Diagnostic(layer: node.name, "its weights are not known")
        }
        var elements: [Double] = []
        var rows = 0
        try observer.observe([node.inputs[0]], of: network) { tensors in
            let responses = layer.responses(to: tensors[0])
            elements += responses.elements
            rows += responses.rows
        }
        guard rows > 0 else {
            throw Diagnostic(layer: node.name, "its responses cannot be fitted without calibration cases")
        }
        matrix = Matrix(rows: rows, columns: layer.outputs, elements: elements)
    }
}

/// A layer without groups as the linear map that it is before its clamp.
struct LinearResponse {
    private let patches: LayerPatches
    private let places: [Int]?
    /// `columns x outputs`.
    private let filters: Matrix
    private let bias: [Double]

    var outputs: Int { filters.columns }

    /// Output positions of a case and weights of a filter.
    var extents: (positions: Int, columns: Int) { (patches.positions, patches.columns) }

    init?(_ node: Node, in network: Network, positions: Int) {
        guard let patches = LayerPatches(node, in: network), patches.groups == 1, let weights = node.weights else {
            return nil
        }
        self.patches = patches
        places = patches.spread(positions)
        filters = patches.filters(of: network[weights].reals).transposed
        bias = node.bias.map { network[$0].reals } ?? [Double](repeating: 0, count: filters.columns)
    }

    /// The responses at the sampled positions of one case.
    func responses(to input: Tensor) -> Matrix {
        var responses = patches.matrix(of: input, at: places).times(filters)
        for place in responses.elements.indices { responses.elements[place] += bias[place % bias.count] }
        return responses
    }
}
