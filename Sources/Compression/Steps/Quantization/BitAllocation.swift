import Foundation

/// Bits for each layer so that the sum of `costs * bits` is least while the errors `10^(-slope bits / 10)` together stay below
/// a bound: Lin, Talathi, Annapureddy: Fixed Point Quantization of Deep Convolutional Networks, 2016.
package struct BitAllocation: Sendable, Hashable {
    /// What one bit of each layer costs, above 0: parameters or products.
    package var costs: [Double]
    /// Decibels that a bit gains.
    package var slope: Double
    /// Widths that a layer may have.
    package var range: ClosedRange<Int>

    package init(costs: [Double], slope: Double = GaussianQuantizer.decibelsPerBit, range: ClosedRange<Int> = 2...16) {
        (self.costs, self.slope, self.range) = (costs, slope, range)
    }

    /// The real widths: `bits_i - bits_j = 10 log10(cost_j / cost_i) / slope`, errors adding up to the bound.
    package func real(decibels: Double) -> [Double] {
        let all = costs.reduce(0, +)
        return costs.map { (decibels - 10 * log10($0 / all)) / slope }
    }

    /// The real widths whose mean, weighted by cost, is `bits`.
    package func real(meanBits bits: Double) -> [Double] {
        let all = costs.reduce(0, +)
        let offsets = costs.map { -10 * log10($0 / all) / slope }
        let mean = costs.dot(offsets) / all
        return offsets.map { $0 - mean + bits }
    }

    /// The errors of all layers together, over the power of the signal.
    package func error(of bits: [Int]) -> Double { bits.reduce(0) { $0 + error(bits: $1) } }

    /// The widths of least cost for the error that they have, the first on the way up that reach `decibels`.
    ///
    /// Bits are added where they take away most error for their cost. The gain of a layer's next bit falls from bit to bit,
    /// so all on this way are optimal for their own error (Everett, 1963), and within one bit of the real widths for it.
    package func widths(decibels: Double) -> [Int] {
        let bound = pow(10, -decibels / 10)
        return widths { bits, _ in error(of: bits) <= bound }
    }

    /// The last on the same way whose mean, weighted by cost, does not exceed `bits`, at the narrowest width otherwise.
    package func widths(meanBits bits: Double) -> [Int] {
        let bound = bits * costs.reduce(0, +) * (1 + 1e-12)
        return widths { widths, next in
            zip(costs, widths).reduce(costs[next]) { $0 + $1.0 * Double($1.1) } > bound
        }
    }

    private func error(bits: Int) -> Double { pow(10, -slope * Double(bits) / 10) }

    private func widths(until isDone: (_ widths: [Int], _ next: Int) -> Bool) -> [Int] {
        var widths = costs.map { _ in range.lowerBound }
        func gain(_ layer: Int) -> Double { error(bits: widths[layer]) / costs[layer] }
        while let next = widths.indices.filter({ widths[$0] < range.upperBound }).max(by: { gain($0) < gain($1) }),
            !isDone(widths, next)
        {
            widths[next] += 1
        }
        return widths
    }
}
