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
    /// The distance of each class from its nearest and that one.
    private var nearest: [Int: (distance: Double, other: Int)] = [:]
    private let vectors: [Int: [Double]]
    private let occurrences: [Int: Set<Occurrence>]
    private let readings: [Reading]
    /// The mean square of the weights that read each neuron.
    private var meanSquares: [Int: Double] = [:]
    /// Weights that read the neurons, with what was merged so far.
    private(set) var readers: [ValueID: Tensor] = [:]

    /// - Returns: nil when parameters that make or read the neurons are not real, or nothing reads them.
    init?(_ analysis: ChannelAnalysis, classes: [Int]) {
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
        (self.vectors, self.occurrences, self.readings) = (vectors, occurrences, readings)
        for root in classes {
            nearest[root] = nearest(to: root)
            meanSquares[root] = meanSquare(of: root)
        }
    }

    /// The pair with the least saliency whose second neuron may leave, or nil when none is left.
    func least(where allows: (Int) -> Bool) -> Pair? {
        var best: (saliency: Double, pair: Pair)?
        for root in left where allows(root) {
            guard let (distance, other) = nearest[root] else { continue }
            let saliency = (meanSquares[root] ?? 0) * distance
            if saliency <= best?.saliency ?? .infinity { best = (saliency, Pair(staying: other, leaving: root)) }
        }
        return best?.pair
    }

    /// Adds the weights that read the second neuron of a pair to those of the first.
    mutating func merge(_ pair: Pair) {
        for reading in readings {
            guard let targets = reading.places[pair.staying], let sources = reading.places[pair.leaving] else {
                continue
            }
            readers[reading.value] = readers[reading.value]?.adding(sources, to: targets, axis: reading.axis)
        }
        meanSquares[pair.staying] = meanSquare(of: pair.staying)
        left.removeAll { $0 == pair.leaving }
        nearest[pair.leaving] = nil
        for root in left where nearest[root]?.other == pair.leaving { nearest[root] = nearest(to: root) }
    }

    private func meanSquare(of root: Int) -> Double {
        let weights = readings.flatMap { reading in
            (reading.places[root] ?? []).flatMap { readers[reading.value]?.slice($0, axis: reading.axis) ?? [] }
        }
        return weights.isEmpty ? 0 : weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    }

    private func nearest(to root: Int) -> (distance: Double, other: Int)? {
        guard let own = vectors[root] else { return nil }
        var best: (distance: Double, other: Int)?
        for other in left where other != root && occurrences[other] == occurrences[root] {
            guard let vector = vectors[other] else { continue }
            var sum = 0.0
            let limit = best?.distance ?? .infinity
            for place in own.indices {
                let difference = own[place] - vector[place]
                sum += difference * difference
                if sum >= limit { break }
            }
            if sum < limit { best = (sum, other) }
        }
        return best
    }
}

extension ChannelAnalysis {
    /// The indices along a slice that belong to each of some classes of units.
    fileprivate func places(of roots: Set<Int>, in slice: Slice) -> [Int: [Int]] {
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

    fileprivate func slice(_ index: Int, axis: Int) -> [Double] {
        guard case .float32(let values) = elements else { return [] }
        return places(at: index, axis: axis).map { Double(values[$0]) }
    }

    fileprivate func adding(_ sources: [Int], to targets: [Int], axis: Int) -> Tensor {
        var values = floats
        for (source, target) in zip(sources, targets) {
            for (from, to) in zip(places(at: source, axis: axis), places(at: target, axis: axis)) {
                values[to] += values[from]
            }
        }
        return Tensor(shape, values)
    }
}
