import Diagnostics
import Networks
import Tensors

/// What layers of the network given to a step respond, for layers of which output channels may have left since.
struct ReferenceResponses {
    private let network: Network
    /// Output channels that are left, by layer, for layers that lost some.
    private var left: [String: [Int]] = [:]

    init(_ network: Network) {
        self.network = network
    }

    /// Notes output channels that are about to leave.
    mutating func note(removal roots: Set<Int>, of analysis: ChannelAnalysis) {
        for node in analysis.network.nodes where node.weights != nil {
            guard let units = analysis.channels(of: node.outputs[0])?.units else { continue }
            let kept = units.map { !roots.contains(analysis.root(of: $0)) }
            guard kept.contains(false) else { continue }
            let before = left[node.name] ?? Array(units.indices)
            left[node.name] = zip(before, kept).filter(\.1).map(\.0)
        }
    }

    /// The responses before the clamp: of each case, of each group of patches, `positions x outputs that are left`.
    func targets(
        of layer: String, positions: Int, observing observer: any ActivationObserver
    ) throws -> [[Matrix]] {
        guard let place = network.place(ofLayer: layer), let id = network.nodes[place].weights,
            let patches = LayerPatches(network.nodes[place], in: network)
        else { return [] }
        let node = network.nodes[place]
        let (weights, bias) = (network[id].reals, node.bias.map { network[$0].reals })
        let places = patches.spread(positions)
        let channels = left[layer] ?? Array(0..<patches.groups * patches.groupOutputs)
        let groups = (0..<patches.groups).map { group in channels.filter { $0 / patches.groupOutputs == group } }
        let filters = groups.map { outputs in
            Matrix(rows: patches.columns, columns: outputs.count) {
                weights[patches.place(ofColumn: $0, channel: outputs[$1])]
            }
        }
        var cases: [[Matrix]] = []
        try observer.observe([node.inputs[0]], of: network) { tensors in
            cases.append(
                groups.indices.map { group in
                    var responses = patches.matrix(of: tensors[0], group: group, at: places).times(filters[group])
                    if let bias {
                        responses.addOuter(
                            [Double](repeating: 1, count: responses.rows), groups[group].map { bias[$0] }, factor: 1)
                    }
                    return responses
                })
        }
        return cases
    }

    /// What `reader` multiplies in the network as it is, and what it responded in the network given.
    func moments(
        of reader: ChannelReader, in current: Network, positions: Int, observing observer: any ActivationObserver
    ) throws -> ReaderMoments? {
        guard let place = current.place(ofLayer: reader.layer), let id = current.nodes[place].weights else {
            return nil
        }
        let (node, patches, reals) = (current.nodes[place], reader.patches, current[id].reals)
        var targets = try targets(of: reader.layer, positions: positions, observing: observer)
        guard !targets.isEmpty else { throw Diagnostics([.withoutCases(layer: reader.layer)]) }
        if let bias = node.bias.map({ current[$0].reals }) {
            for group in 0..<patches.groups {
                let own = (0..<patches.groupOutputs).map { bias[patches.channel($0, ofGroup: group)] }
                for index in targets.indices {
                    let ones = [Double](repeating: 1, count: targets[index][group].rows)
                    targets[index][group].addOuter(ones, own, factor: -1)
                }
            }
        }
        let moments = try observer.moments(of: node, in: current, positions: positions, targets: targets)
        let filters = (0..<patches.groups).map { patches.filters(of: reals, group: $0) }
        return ReaderMoments(reader: reader, moments: moments, filters: filters)
    }
}
