import Foundation
import Hardware
import Quantities
import Workloads

extension SkippingCost {
    /// Outputs interleaved over N elements; each activation that is not zero is broadcast with its column of weights.
    ///
    /// An element holds L = `ceil(M / N)` outputs of a column: `e` stored entries of density p, fillers included, where a
    /// gap of more zeros than an index counts takes a filler (of R = 2^indexBits places: the sum over k of
    /// `(L - Rk) p (1-p)^Rk`). It takes T = max(1, entries) cycles. With queues that hold D activations the elements wait
    /// for each other `var(T) ln N / (2 mean(T) (D - 0.7))` cycles a column: the heavy-traffic limit of N queues fed
    /// together, its 0.7 from an exact simulation of such queues; in deep queues only the totals differ. The fullest
    /// element has the most non-zero weights of the real matrix, or, where only the density is known, what chance gives
    /// it. A column never takes longer than L entries. Zeros of activations and weights are independent.
    init(columns layer: SkippedLayer, on array: SparseArray) {
        let elements = Double(array.elements)
        let height = (layer.outputs / elements).rounded(.up)
        let places = Int(1) << min(max(array.indexBits.count, 0), 30)
        let density = FullestElement(layer, elements: array.elements, height: height).density
        let entries = Self.entries(of: density, in: Int(height), places: places)
        let columns = max(1, layer.groups * layer.pixels * layer.window * layer.activationDensity)
        let lanes = Double(array.weightLanes)
        let service = ColumnService(
            height: height, density: density, columns: columns, elements: min(elements, layer.outputs),
            depth: Double(array.queueDepth), isMeasured: layer.nonzeros != nil)
        let column = min(max(height, 1), entries + service.empty + service.waiting) / lanes
        let share = Self.entries(of: layer.weightDensity, in: Int(height), places: places)
        let stored = share * layer.outputs / max(height, 1)
        cycles = columns * max(column, 1)
        balanced = max(columns, columns * stored / elements / lanes)
        products = columns * stored
        storedWeightBits = layer.groups * layer.window * stored * (layer.weightBits + Double(array.indexBits.count))
        weightReadBits = products * (layer.weightBits + Double(array.indexBits.count))
        activationReadBits = columns * layer.activationBits
    }

    /// Entries that `height` places of a column store when each holds a weight with a probability of `density`.
    static func entries(of density: Double, in height: Int, places: Int) -> Double {
        var sum = Double(height) * density
        let gap = pow(1 - density, Double(places))
        var chance = gap
        var left = height - places
        while left > 0, chance > 1e-12 {
            sum += Double(left) * density * chance
            chance *= gap
            left -= places
        }
        return sum
    }
}

/// The density of the element with most non-zero weights.
private struct FullestElement {
    var density: Double

    init(_ layer: SkippedLayer, elements: Int, height: Double) {
        density = layer.weightDensity
        let (groups, outputs) = (layer.loops.groups, layer.loops.outputChannels)
        guard let counts = layer.nonzeros?.perOutput, counts.count == groups * outputs, groups > 0 else { return }
        let sum = counts.withUnsafeBufferPointer { counts in
            (0..<groups).reduce(0) { sum, group in
                let (start, end) = (group * outputs, (group + 1) * outputs)
                let fullest = (start..<min(end, start + elements)).reduce(0) { most, first in
                    var total = 0
                    for output in stride(from: first, to: end, by: elements) { total += counts[output] }
                    return max(most, total)
                }
                return sum + fullest
            }
        }
        density = min(1, Double(sum) / max(1, layer.groups * layer.window * height))
    }
}

/// How long a column occupies an element beyond its entries.
private struct ColumnService {
    /// Cycles of columns without entries.
    var empty: Double
    /// Cycles of waiting for other elements.
    var waiting: Double

    init(height: Double, density: Double, columns: Double, elements: Double, depth: Double, isMeasured: Bool) {
        let entries = height * density
        empty = pow(1 - density, height)
        let mean = entries + empty
        let variance = max(0, entries * (1 - density) + entries * entries + empty - mean * mean)
        let queued = variance * log(max(1, elements)) / (2 * mean * (max(2, depth) - 0.7))
        let chance = isMeasured ? 0 : largestOf(elements) * (variance / columns).squareRoot()
        waiting = max(queued, chance)
    }
}
