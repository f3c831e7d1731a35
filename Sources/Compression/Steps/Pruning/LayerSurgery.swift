import Diagnostics
import Networks
import Tensors

/// Optimal Brain Surgeon on one layer: rows of its weights are independent, columns fall into blocks with a Hessian of their own.
struct LayerSurgery {
    private let patches: LayerPatches
    /// The layer's filters before the operation, by group.
    private let filters: [Matrix]
    /// Columns of each block.
    private let blocks: [Range<Int>]
    /// The output positions taken of a case; nil for all.
    private let places: [Int]?
    /// What the squared response of each output channel counts; nil where channels count alike, each over its energy.
    private let sensitivity: [Double]?
    /// Hessians and their inverses, by group and block.
    private var curvatures: [[SurgeryCurvature]] = []

    /// - Parameters:
    ///   - original: the network whose responses are wanted, or nil for those of the layer on its inputs in `network`.
    ///   - sensitivity: what the squared response of each output channel counts; nil where all count alike, over their energies.
    ///   - movesBias: the Hessian is that of the deviations from the mean, for which the bias makes up.
    init(
        of node: Node, in network: Network, original: Network?, as step: OptimalBrainSurgeon, sensitivity: [Double]?,
        movesBias: Bool, observing observer: any ActivationObserver
    ) throws {
        guard let patches = LayerPatches(node, in: network), let weights = node.weights else {
            throw Diagnostic(layer: node.name, "it does not multiply patches by weights")
        }
        let reals = network[weights].reals
        (self.patches, places) = (patches, patches.spread(step.positions))
        self.sensitivity = sensitivity
        filters = (0..<patches.groups).map { patches.filters(of: reals, group: $0) }
        blocks = Self.blocks(of: patches.columns, atMost: step.blockSize, unit: step.pattern?.size ?? 1)
        let moments = try moments(
            of: node, in: network, original: blocks.count == 1 ? original : nil, observing: observer)
        do {
            curvatures = try moments.map {
                try $0.map { try SurgeryCurvature($0, centered: movesBias, damping: step.damping) }
            }
        } catch let fault as Diagnostic {
            throw Diagnostic(layer: node.name, "its Hessian cannot be inverted: \(fault.message)", fix: "raise damping")
        }
    }

    /// The moments of every group and block, with what the products lack of those in the original network as targets, if there is one.
    private func moments(
        of node: Node, in network: Network, original: Network?, observing observer: any ActivationObserver
    ) throws -> [[LayerMoments]] {
        var seen = network.computing([node.inputs[0]])
        if let original, let source = original.node(ofLayer: node.name) {
            seen = seen.paired(with: original.computing([source.inputs[0]]))
        }
        let targets = seen.outputs.count > 1 ? patches.groupOutputs : 0
        var moments = filters.map { _ in blocks.map { LayerMoments(columns: $0.count, targets: targets) } }
        try observer.observe(seen.outputs, of: seen) { tensors in
            for group in moments.indices {
                let matrix = patches.matrix(of: tensors[0], group: group, at: places)
                let residual = tensors.dropFirst().first.map {
                    patches.matrix(of: $0, group: group, at: places).minus(matrix).times(filters[group].transposed)
                }
                for (index, block) in blocks.enumerated() {
                    moments[group][index].add(
                        blocks.count == 1 ? matrix : matrix.columns(block), targets: residual)
                }
            }
        }
        return moments
    }

    /// Even ranges of columns, their sizes multiples of `unit`.
    private static func blocks(of columns: Int, atMost limit: Int, unit: Int) -> [Range<Int>] {
        let pieces = max(1, (columns + limit - 1) / limit)
        let even = (columns + pieces - 1) / pieces
        let size = max(1, (even + unit - 1) / unit * unit)
        return stride(from: 0, to: columns, by: size).map { $0..<min($0 + size, columns) }
    }

    /// The filters from which weights leave, by group and block.
    private var starts: [[Matrix]] {
        filters.indices.map { group in
            blocks.indices.map { curvatures[group][$0].start(from: filters[group].columns(blocks[$0])) }
        }
    }

    /// The weights after the operation, in the order of the tensor, and what each output channel's bias gains.
    ///
    /// - Parameters:
    ///   - removals: weights of the layer that leave, those that are zero already included; spread over rows by the saliencies
    ///     that the weights have before the first leaves.
    ///   - pattern: weights leave by this pattern, whatever `removals`.
    func operate(removals: Int, pattern: NeighbourPattern?) -> (weights: [Double], offsets: [Double]) {
        let starts = self.starts
        let quotas = pattern == nil ? quotas(of: starts, removals: removals) : [:]
        let outputs = patches.groupOutputs
        let rows = mapConcurrently(patches.groups * outputs) { channel in
            blocks.indices.flatMap { block in
                let (group, row, columns) = (channel / outputs, channel % outputs, blocks[block])
                let start = starts[group][block]
                var surgeon = BrainSurgeon(
                    weights: (0..<columns.count).map { start[row, $0] },
                    inverse: curvatures[group][block].inverse)
                surgeon.operate(
                    removals: quotas[channel]?[block] ?? 0, pattern: pattern,
                    gone: columns.filter { filters[group][row, $0] == 0 }.map { $0 - columns.lowerBound })
                return surgeon.weights
            }
        }
        var result = [Double](repeating: 0, count: rows.reduce(0) { $0 + $1.count })
        var offsets = [Double](repeating: 0, count: rows.count)
        for (index, row) in rows.enumerated() {
            let (group, output) = (index / outputs, index % outputs)
            let channel = patches.channel(output, ofGroup: group)
            let means = curvatures[group].flatMap(\.means)
            if let shifts = curvatures[group].first?.shifts, !shifts.isEmpty { offsets[channel] = shifts[output] }
            for (column, weight) in row.enumerated() {
                offsets[channel] += means[column] * (filters[group][output, column] - weight)
                result[patches.place(ofColumn: column, channel: channel)] = weight
            }
        }
        return (result, offsets)
    }

    /// The saliency of every weight before the first leaves, times what its row counts; 0 for one that is zero.
    var saliencies: [Double] { entries(of: starts).map(\.saliency) }

    /// Removals of every row and block: the weights with the least saliencies of the whole layer.
    private func quotas(of starts: [[Matrix]], removals: Int) -> [Int: [Int]] {
        let entries = entries(of: starts).sorted {
            ($0.saliency, $0.row, $0.block) < ($1.saliency, $1.row, $1.block)
        }
        var quotas: [Int: [Int]] = [:]
        for entry in entries.prefix(removals) {
            quotas[entry.row, default: [Int](repeating: 0, count: blocks.count)][entry.block] += 1
        }
        return quotas
    }

    private func entries(of starts: [[Matrix]]) -> [(saliency: Double, row: Int, block: Int)] {
        var entries: [(saliency: Double, row: Int, block: Int)] = []
        for group in starts.indices {
            for row in 0..<patches.groupOutputs {
                let scale = importance(ofRow: row, group: group, starts: starts[group])
                for (block, matrix) in starts[group].enumerated() {
                    let inverse = curvatures[group][block].inverse
                    for column in 0..<matrix.columns {
                        let weight =
                            filters[group][row, blocks[block].lowerBound + column] == 0 ? 0 : matrix[row, column]
                        let saliency = weight * weight / (2 * inverse[column, column]) * scale
                        entries.append((saliency, group * patches.groupOutputs + row, block))
                    }
                }
            }
        }
        return entries
    }

    /// By what the saliencies of a row are multiplied.
    private func importance(ofRow row: Int, group: Int, starts: [Matrix]) -> Double {
        if let sensitivity { return sensitivity[patches.channel(row, ofGroup: group)] }
        let energy = blocks.indices.reduce(0) { $0 + curvatures[group][$1].energy(of: starts[$1], row: row) }
        return energy > 0 ? 1 / energy : 1
    }
}
