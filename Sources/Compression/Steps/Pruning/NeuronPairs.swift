import Networks
import Tensors

/// The neurons of one group of layers, how far the parameters that make them lie apart, and the weights that read them.
struct NeuronPairs {
    struct Pair {
        /// Classes of units.
        var staying: Int
        var leaving: Int
    }

    /// Where a class of units occurs along an axis of a value.
    private struct Occurrence: Hashable {
        var value: ValueID
        var axis: Int
        var count: Int
    }

    /// The indices of each class along an axis of weights that read the neurons.
    private struct Reading {
        var value: ValueID
        var axis: Int
        var places: [Int: [Int]]
    }

    private var left: [Int]
    /// The least saliency of each class with the class that would take its place.
    private var nearest: [Int: (saliency: Double, other: Int)] = [:]
    private let likeness: Likeness
    private let occurrences: [Int: Set<Occurrence>]
    private let readings: [Reading]
    /// For each neuron, of each reading, the sum of squares of the weights there over the number of weights that read it.
    private var energies: [Int: [Double]] = [:]
    /// Weights that read the neurons, with what was merged so far.
    private(set) var readers: [ValueID: Tensor] = [:]

    /// - Parameter scaled: a neuron may stand for another times a factor, where what lies between keeps proportions.
    /// - Returns: nil when parameters that make or read the neurons are not real, or nothing reads them.
    init?(_ analysis: ChannelAnalysis, classes: [Int], scaled: Bool) {
        left = classes
        var readings: [Reading] = []
        let wanted = Set(classes)
        var (vectors, occurrences): ([Int: [Double]], [Int: Set<Occurrence>]) = ([:], [:])
        for (id, slices) in analysis.slices.sorted(by: { $0.key < $1.key }) {
            for slice in slices {
                let places = analysis.places(of: wanted, in: slice)
                guard !places.isEmpty else { continue }
                for (root, own) in places {
                    occurrences[root, default: []].insert(Occurrence(value: id, axis: slice.axis, count: own.count))
                }
                guard let constant = analysis.network[id].constant else { continue }
                guard analysis.network[id].isFloat else { return nil }
                if slice.isSummed {
                    readers[id] = constant
                    readings.append(Reading(value: id, axis: slice.axis, places: places))
                } else {
                    for (root, own) in places {
                        vectors[root, default: []] += own.flatMap { constant.slice($0, axis: slice.axis) }
                    }
                }
            }
        }
        guard !readers.isEmpty else { return nil }
        let grams = scaled ? ChannelGrams(analysis, classes: classes) : nil
        let proportion = grams.flatMap { Likeness(proportionsIn: $0, readBy: readings.map(\.value)) }
        (likeness, self.occurrences, self.readings) = (proportion ?? .equality(vectors), occurrences, readings)
        for root in classes { energies[root] = energies(of: root) }
        for root in classes { nearest[root] = nearest(to: root) }
    }

    /// Whether a neuron may stand for another times a factor.
    var keepsProportions: Bool { likeness.keepsProportions }

    /// The pair with the least saliency whose second neuron may leave, or nil when none is left.
    func least(where allows: (Int) -> Bool) -> Pair? {
        var best: (saliency: Double, pair: Pair)?
        for root in left where allows(root) {
            guard let (saliency, other) = nearest[root] else { continue }
            if saliency <= best?.saliency ?? .infinity { best = (saliency, Pair(staying: other, leaving: root)) }
        }
        return best?.pair
    }

    /// Adds the weights that read the second neuron of a pair, times the pair's factor, to those of the first.
    mutating func merge(_ pair: Pair) {
        for (place, reading) in readings.enumerated() {
            guard let targets = reading.places[pair.staying], let sources = reading.places[pair.leaving] else {
                continue
            }
            let factor = Float(likeness.factor(from: pair.leaving, to: pair.staying, reading: place))
            readers[reading.value] = readers[reading.value]?.adding(
                sources, times: factor, to: targets, axis: reading.axis)
        }
        energies[pair.staying] = energies(of: pair.staying)
        left.removeAll { $0 == pair.leaving }
        nearest[pair.leaving] = nil
        for root in left where root == pair.staying || nearest[root]?.other == pair.leaving {
            nearest[root] = nearest(to: root)
        }
    }

    private func energies(of root: Int) -> [Double] {
        let weights = readings.map { reading in
            (reading.places[root] ?? []).flatMap { readers[reading.value]?.slice($0, axis: reading.axis) ?? [] }
        }
        let count = Double(max(weights.reduce(0) { $0 + $1.count }, 1))
        return weights.map { $0.reduce(0) { $0 + $1 * $1 } / count }
    }

    private func nearest(to root: Int) -> (saliency: Double, other: Int)? {
        guard let own = energies[root] else { return nil }
        var best: (saliency: Double, other: Int)?
        for other in left where other != root && occurrences[other] == occurrences[root] {
            let limit = best?.saliency ?? .infinity
            let saliency = likeness.saliency(of: root, in: other, energies: own, limit: limit)
            if saliency < limit { best = (saliency, other) }
        }
        return best
    }
}

extension ChannelAnalysis {
    /// The indices along a slice that belong to each of some classes of units.
    func places(of roots: Set<Int>, in slice: Slice) -> [Int: [Int]] {
        var places: [Int: [Int]] = [:]
        for (index, unit) in slice.units.enumerated() {
            let root = root(of: unit)
            if roots.contains(root) { places[root, default: []].append(index) }
        }
        return places
    }
}

extension Tensor {
    /// The places of the elements with one index along an axis, ascending.
    private func places(at index: Int, axis: Int) -> [Int] {
        let inner = shape.extents[(axis + 1)...].reduce(1, *)
        let outer = shape.extents[..<axis].reduce(1, *)
        return (0..<outer).flatMap { row in
            let start = (row * shape[axis] + index) * inner
            return start..<start + inner
        }
    }

    func slice(_ index: Int, axis: Int) -> [Double] {
        guard case .float32(let values) = elements else { return [] }
        return places(at: index, axis: axis).map { Double(values[$0]) }
    }

    fileprivate func adding(_ sources: [Int], times factor: Float, to targets: [Int], axis: Int) -> Tensor {
        guard factor != 0 else { return self }
        var values = floats
        for (source, target) in zip(sources, targets) {
            for (from, to) in zip(places(at: source, axis: axis), places(at: target, axis: axis)) {
                values[to] += factor * values[from]
            }
        }
        return Tensor(shape, values)
    }
}
