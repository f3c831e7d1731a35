import Networks
import Tensors

/// A layer as the linear map that it is before its clamp, at some output positions of a case.
struct LinearResponse {
    private let patches: LayerPatches
    private let places: [Int]?
    /// Of each group, `columns x outputs`.
    private let filters: [Matrix]
    /// Of each group, by output.
    private let biases: [[Double]]

    /// - Parameter positions: at most so many output positions of a case, at even distances; nil for all.
    init?(_ node: Node, in network: Network, positions: Int?) {
        guard let patches = LayerPatches(node, in: network), let weights = node.weights else { return nil }
        self.patches = patches
        places = patches.spread(positions)
        let (reals, bias) = (network[weights].reals, CompressedNetwork(network).biasReals(of: node))
        filters = (0..<patches.groups).map { patches.filters(of: reals, group: $0).transposed }
        biases = (0..<patches.groups).map { group in
            (0..<patches.groupOutputs).map { bias[patches.channel($0, ofGroup: group)] }
        }
    }

    var groups: Int { patches.groups }

    /// Output channels of a group.
    var outputs: Int { patches.groupOutputs }

    /// Output positions of a case, and weights of a filter.
    var extents: (positions: Int, columns: Int) { (patches.positions, patches.columns) }

    /// Numbers of one group's responses to one case.
    var numbers: Int { (places?.count ?? patches.positions) * outputs }

    /// One group's responses to one case, a row a position.
    func responses(to input: Tensor, group: Int = 0) -> Matrix {
        var responses = patches.matrix(of: input, group: group, at: places).times(filters[group])
        responses.addOuter([Double](repeating: 1, count: responses.rows), biases[group], factor: 1)
        return responses
    }
}

extension ActivationObserver {
    /// What a layer answers before its clamp: of each case, of each group, a row a position.
    ///
    /// - Parameter positions: at most so many output positions of a case; nil for all.
    func responses(of node: Node, in network: Network, positions: Int?) throws -> [[Matrix]] {
        guard let layer = LinearResponse(node, in: network, positions: positions) else { return [] }
        var responses: [[Matrix]] = []
        try observe([node.inputs[0]], of: network) { tensors in
            responses.append((0..<layer.groups).map { layer.responses(to: tensors[0], group: $0) })
        }
        return responses
    }

    /// The moments of each group of a layer's patches on what `network` gives it.
    ///
    /// - Parameters:
    ///   - positions: at most so many output positions of a case; nil for all.
    ///   - targets: of each case and group, at the same positions; cases behind the last are left out.
    func moments(
        of node: Node, in network: Network, positions: Int?, targets: [[Matrix]]
    ) throws -> [LayerMoments] {
        guard let patches = LayerPatches(node, in: network) else { return [] }
        var moments = [LayerMoments](
            repeating: LayerMoments(columns: patches.columns, targets: patches.groupOutputs), count: patches.groups)
        let places = patches.spread(positions)
        var left = targets[...]
        try observe([node.inputs[0]], of: network, first: targets.count) { tensors in
            guard let wanted = left.popFirst() else { return }
            for group in moments.indices {
                moments[group].add(
                    patches.matrix(of: tensors[0], group: group, at: places), targets: wanted[group])
            }
        }
        return moments
    }
}
