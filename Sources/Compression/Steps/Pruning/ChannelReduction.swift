import Diagnostics
import Networks
import Tensors

/// The removal of channels group by group, by what they do to the responses of the layers that read them.
///
/// Each group of tied layers is reduced in the network as it is by then; readers are brought to the responses of the
/// network that the step was given. Holds the moments of the readers of one group at a time.
struct ChannelReduction {
    /// What is done to the readers of one group: chooses among `classes` at most `count` that leave and fits the readers.
    typealias Choice = (
        _ classes: [Int], _ count: Int, _ floor: inout ChannelFloor, _ readers: inout [ReaderMoments]
    ) throws -> Set<Int>

    let selection: LayerSelection
    let step: String
    /// Part of each group's channels that stays.
    let density: Double
    /// Output positions of a case that are observed.
    let positions: Int
    /// Whether biases make good what the responses lose in the mean.
    let shiftsBias: Bool

    func reduce(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver,
        by choice: Choice
    ) throws -> StepOutcome {
        let analysis = ChannelAnalysis(compressed.network)
        let admitted = Set(try selection.admit(layers, to: step) { Self.refusal(of: $0, in: analysis) })
        var (result, reference) = (compressed, ReferenceResponses(compressed.network))
        var (touched, remarks): (Set<String>, [String]) = ([], [])
        for group in analysis.groups where !admitted.isDisjoint(with: group.layers) {
            let count = group.roots.count - max(1, Int((density * Double(group.roots.count)).rounded()))
            guard count > 0, let name = group.layers.first else { continue }
            let (removed, changed) = try reduce(
                &result, groupOf: name, count: count, reference: &reference, observing: observer, by: choice)
            touched.formUnion(changed)
            let names = group.layers.joined(separator: ", ")
            remarks.append("layers \(names): \(group.roots.count - removed) of \(group.roots.count) channels stay")
        }
        return StepOutcome(result, touched: touched.sorted(), remarks: remarks)
    }

    private static func refusal(of layer: String, in analysis: ChannelAnalysis) -> String? {
        guard let group = analysis.groups.first(where: { $0.layers.contains(layer) }), !group.removable.isEmpty else {
            return "its channels are the network's own and cannot leave"
        }
        return analysis.readers(of: group.removable).isEmpty
            ? "no layer with real weights of its own multiplies its channels" : nil
    }

    private func reduce(
        _ result: inout CompressedNetwork, groupOf layer: String, count: Int, reference: inout ReferenceResponses,
        observing observer: any ActivationObserver, by choice: Choice
    ) throws -> (removed: Int, touched: [String]) {
        var analysis = ChannelAnalysis(result.network)
        if shiftsBias {
            for reader in analysis.readers(of: Self.removable(of: layer, in: analysis)) {
                _ = result.network.place(ofLayer: reader.layer).flatMap { result.network.ownBias(ofNodeAt: $0) }
            }
            analysis = ChannelAnalysis(result.network)
        }
        let classes = Self.removable(of: layer, in: analysis)
        var readers = try analysis.readers(of: classes).compactMap {
            try reference.moments(of: $0, in: result.network, positions: positions, observing: observer)
        }
        var floor = ChannelFloor(analysis)
        let removed: Set<Int>
        do {
            removed = try choice(classes, count, &floor, &readers)
        } catch let fault as Diagnostic {
            throw Diagnostics([fault.ofLayer(layer)])
        }
        for reader in readers { result.network.store(reader, shiftsBias: shiftsBias) }
        reference.note(removal: removed, of: analysis)
        let touched = result.remove(removed, of: analysis)
        return (removed.count, touched + readers.map(\.reader.layer))
    }

    private static func removable(of layer: String, in analysis: ChannelAnalysis) -> [Int] {
        analysis.groups.first { $0.layers.contains(layer) }?.removable ?? []
    }
}

extension Network {
    /// Writes fitted filters into their layer.
    fileprivate mutating func store(_ reader: ReaderMoments, shiftsBias: Bool) {
        guard let place = place(ofLayer: reader.reader.layer), let id = nodes[place].weights,
            let constant = self[id].constant
        else { return }
        var reals = self[id].reals
        for (group, filters) in reader.filters.enumerated() {
            reader.reader.patches.put(filters, group: group, into: &reals)
        }
        self[id].constant = Tensor(constant.shape, reals.map(Float.init))
        if shiftsBias { shiftBias(ofNodeAt: place, by: reader.offsets) }
    }
}
