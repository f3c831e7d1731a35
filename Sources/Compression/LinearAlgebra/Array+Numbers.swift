import Foundation

extension [Double] {
    /// The sum of the products of elements at the same place.
    func dot(_ other: [Double]) -> Double {
        zip(self, other).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Places by falling element; of equals, the first.
    var fallingOrder: [Int] {
        indices.sorted { self[$0] != self[$1] ? self[$0] > self[$1] : $0 < $1 }
    }

    /// The root of the mean squared distance from the mean; 0 for no elements.
    var standardDeviation: Double {
        guard !isEmpty else { return 0 }
        let mean = reduce(0, +) / Double(count)
        return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
    }
}

extension [Int] {
    /// Shannon entropy of a symbol, in bits, for symbols that occur so often each.
    var entropyBits: Double {
        let all = Double(reduce(0, +))
        return reduce(0) { sum, count in
            count == 0 ? sum : sum - Double(count) / all * log2(Double(count) / all)
        }
    }
}
