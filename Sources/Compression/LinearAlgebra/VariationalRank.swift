import Foundation

/// How much of a matrix is signal above white noise: the global solution of empirical variational Bayes factorization.
///
/// Of the singular values `g` of an `L x M` matrix, `L <= M`, those above `s * sqrt(M * (1 + t) * (1 + a / t))` are signal, with
/// `a = L / M`, `s` the deviation of the noise and `t` the zero of `f(t) + f(t / a)`, `f(z) = log(1 + z) / z - 1 / 2` (about
/// `2.5129 * sqrt(a)`). The noise is that of the least free energy. Source: Nakajima, Sugiyama, Babacan, Tomioka: Global Analytic
/// Solution of Fully-Observed Variational Bayesian Matrix Factorization, 2013.
package struct VariationalRank: Sendable {
    /// The variance of the noise in one element.
    package let noiseVariance: Double
    /// The singular values of the signal, descending, shrunk by what the noise adds to them and to the error of their vectors.
    package let values: [Double]

    /// The number of singular values that are signal; 0 for pure noise.
    package var rank: Int { values.count }

    /// - Parameters:
    ///   - singularValues: all of them, descending.
    ///   - rows, columns: the extents of the matrix.
    package init(singularValues: [Double], rows: Int, columns: Int) {
        let (short, long) = (Double(min(rows, columns)), Double(max(rows, columns)))
        let ratio = short / long
        let bound = (1 + VariationalRank.threshold(ratio)) * (1 + ratio / VariationalRank.threshold(ratio))
        let largest = (singularValues.first ?? 0) * long * 0x1p-52
        let squares = singularValues.map { max($0 * $0, largest * largest) }
        guard let top = squares.first, top > 0 else {
            (noiseVariance, values) = (0, [])
            return
        }
        let variance = FreeEnergy(squares: squares, long: long, ratio: ratio, bound: bound).noiseVariance
        noiseVariance = variance
        values = squares.filter { $0 > variance * long * bound }.map { square in
            let rest = 1 - (short + long) * variance / square
            let root = max(rest * rest - 4 * short * long * variance * variance / (square * square), 0).squareRoot()
            return square.squareRoot() / 2 * (rest + root)
        }
    }

    /// - Throws: `Diagnostic` when the singular values do not converge.
    package init(of matrix: Matrix) throws {
        self.init(
            singularValues: try SingularValueDecomposition(matrix).values, rows: matrix.rows, columns: matrix.columns)
    }

    /// The zero of `f(t) + f(t / ratio)`, a falling function; found by halving between 0 and 3, where it is negative.
    package static func threshold(_ ratio: Double) -> Double {
        func f(_ z: Double) -> Double { log1p(z) / z - 0.5 }
        var (low, high) = (0.0, 3.0)
        while case let middle = (low + high) / 2, middle > low, middle < high {
            if f(middle) + f(middle / ratio) > 0 { low = middle } else { high = middle }
        }
        return high
    }
}

/// The free energy of a noise variance, up to constants.
private struct FreeEnergy {
    /// Squared singular values, descending, positive.
    let squares: [Double]
    let long: Double
    let ratio: Double
    /// Above it `square / (long * variance)` counts as signal.
    let bound: Double

    func callAsFunction(_ variance: Double) -> Double {
        squares.reduce(0) { sum, square in
            let x = square / (long * variance)
            guard x > bound else { return sum + x - log(x) }
            let middle = x - (1 + ratio)
            let t = (middle + max(middle * middle - 4 * ratio, 0).squareRoot()) / 2
            return sum + x - t + log((t + 1) / x) + ratio * log(t / ratio + 1)
        }
    }

    /// The variance of least energy between the source's bounds, within which every minimum lies.
    var noiseVariance: Double {
        let count = Double(squares.count)
        let most = min(max(Int((count / (1 + ratio)).rounded(.up)) - 1, 0), squares.count - 1)
        let rest = squares[most...]
        let mean = rest.reduce(0, +) / (long * Double(rest.count))
        let low = log(max(squares[most] / (long * bound), mean))
        let high = max(log(squares.reduce(0, +) / (long * count)), low)
        let steps = 256
        let places = (0...steps).map { low + (high - low) * Double($0) / Double(steps) }
        let energies = places.map { self(exp($0)) }
        let best = energies.indices.min { energies[$0] < energies[$1] } ?? 0
        return exp(narrow(places[max(best - 1, 0)], places[min(best + 1, steps)]))
    }

    /// The logarithm of the variance of least energy in an interval, by the golden section.
    private func narrow(_ low: Double, _ high: Double) -> Double {
        let golden = (5.0.squareRoot() - 1) / 2
        var (low, high) = (low, high)
        for _ in 0..<60 {
            let (left, right) = (high - golden * (high - low), low + golden * (high - low))
            if self(exp(left)) <= self(exp(right)) { high = right } else { low = left }
        }
        return (low + high) / 2
    }
}
