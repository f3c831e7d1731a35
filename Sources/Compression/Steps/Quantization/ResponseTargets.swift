import Networks
import Tensors

/// What a layer answered in one network, before its clamp, at the positions at which another is fitted to it.
struct ResponseTargets {
    private let patches: LayerPatches
    private let places: [Int]?
    /// By case, then by group.
    private var responses: [[Matrix]] = []

    /// - Parameter positions: at most so many output positions of a case are taken.
    init?(_ node: Node, in network: Network, positions: Int, observing observer: any ActivationObserver) throws {
        guard let id = node.weights, let patches = LayerPatches(node, in: network) else { return nil }
        self.patches = patches
        places = patches.spread(positions)
        let reals = network[id].reals
        let filters = (0..<patches.groups).map { patches.filters(of: reals, group: $0).transposed }
        let bias = CompressedNetwork(network).biasReals(of: node)
        try observer.observe([node.inputs[0]], of: network) { tensors in
            responses.append(
                filters.indices.map { group in
                    let products = patches.matrix(of: tensors[0], group: group, at: places).times(filters[group])
                    return Matrix(rows: products.rows, columns: products.columns) {
                        products[$0, $1] + bias[patches.channel($1, ofGroup: group)]
                    }
                })
        }
    }

    /// The moments of each group's patches in another network, with these responses as targets.
    func moments(
        of node: Node, in network: Network, observing observer: any ActivationObserver
    ) throws -> [LayerMoments] {
        var moments = [LayerMoments](
            repeating: LayerMoments(columns: patches.columns, targets: patches.groupOutputs), count: patches.groups)
        var next = 0
        try observer.observe([node.inputs[0]], of: network) { tensors in
            for group in moments.indices {
                moments[group].add(
                    patches.matrix(of: tensors[0], group: group, at: places), targets: responses[next][group])
            }
            next += 1
        }
        return moments
    }
}

extension LayerMoments {
    /// What a fit with a free offset sees: the covariance of the patches and theirs with the targets, the former damped.
    struct Centered {
        var curvature: Matrix
        var cross: Matrix
        /// What was added to the diagonal.
        var ridge: Double
    }

    /// - Parameter damping: part of the mean of the diagonal added to it.
    func centered(damping: Double) -> Centered {
        let rows = Double(max(count, 1))
        var (curvature, cross) = (gram, cross)
        curvature.addOuter(columnSums, columnSums, factor: -1 / rows)
        cross.addOuter(columnSums, targetSums, factor: -1 / rows)
        let mean = (0..<curvature.rows).reduce(0) { $0 + curvature[$1, $1] } / Double(max(curvature.rows, 1))
        let ridge = mean > 0 ? mean * damping : damping
        for place in 0..<curvature.rows { curvature.elements[place * curvature.columns + place] += ridge }
        return Centered(curvature: curvature, cross: cross, ridge: ridge)
    }

    /// The offset of a target that brings a filter's mean response to the target's.
    func offset(of target: Int, filter: [Double]) -> Double {
        (targetSums[target] - zip(filter, columnSums).reduce(0) { $0 + $1.0 * $1.1 }) / Double(max(count, 1))
    }
}
