import Foundation
import Hardware

/// Costs of work that explain measured rows, with how sure they are.
///
/// Maximum of the posterior of logarithms of costs under a `WorkCostPrior`, by Gauss-Newton steps on the logarithm of cycles,
/// each halved until it improves; the deviations are those of the linearized model at the maximum. Deterministic.
package struct WorkCostFit: Sendable {
    private let prior: WorkCostPrior
    private let libraries: [LibraryOnCore]
    /// The library of each row.
    private let places: [Int]
    private let rows: [MeasuredNetwork]
    private let level: [[Double]]
    private let classes: [[Double]]
    /// Deviations of logarithms are covariances times these, for each library.
    private var weights: [SIMD16<Double>]
    /// Shares of classes in each row's cycles at the maximum, and the factor of the rows' covariance.
    private var shares: [SIMD16<Double>] = []
    private var factor = CholeskyFactor(size: 0, matrix: [])

    package init(_ rows: [MeasuredNetwork], prior: WorkCostPrior = .standard) {
        self.rows = rows
        self.prior = prior
        var libraries: [LibraryOnCore] = []
        for row in rows where !libraries.contains(row.library) { libraries.append(row.library) }
        self.libraries = libraries
        places = rows.map { row in libraries.firstIndex(of: row.library) ?? 0 }
        level = libraries.map { left in libraries.map { prior.level.covariance(left, $0) } }
        classes = libraries.map { left in libraries.map { prior.classes.covariance(left, $0) } }
        weights = [SIMD16<Double>](repeating: .zero, count: libraries.count)
        // From a coarse fit to the fine one, so that the first steps are not led by single rows.
        for noise in [0.05, prior.noise] { climb(noise: noise) }
    }

    private mutating func climb(noise: Double) {
        var offsets = offsets(weights)
        var best = objective(weights, offsets, noise)
        for _ in 0..<100 {
            let step = step(from: offsets, noise: noise)
            var length = 1.0
            var improved = false
            while length > 1e-3, !improved {
                let trial = zip(weights, step).map { $0 + ($1 - $0) * length }
                let trialOffsets = self.offsets(trial)
                let value = objective(trial, trialOffsets, noise)
                improved = value < best - 1e-6
                if improved { (weights, offsets, best) = (trial, trialOffsets, value) }
                length /= 2
            }
            if !improved { return }
        }
    }

    /// The weights at the maximum of the model linearized at some deviations.
    private mutating func step(from offsets: [SIMD16<Double>], noise: Double) -> [SIMD16<Double>] {
        let totals = rows.indices.map { cycles(of: rows[$0], offset: offsets[places[$0]]) }
        shares = totals.map { $0.work / ($0.work.sum() + $0.stall) }
        let targets = rows.indices.map { row in
            log(rows[row].cycles) - log(totals[row].work.sum() + totals[row].stall)
                + (shares[row] * offsets[places[row]]).sum()
        }
        var matrix = [Double](repeating: 0, count: rows.count * rows.count)
        for row in rows.indices {
            for column in 0...row {
                let (left, right) = (places[row], places[column])
                matrix[row * rows.count + column] =
                    level[left][right] * shares[row].sum() * shares[column].sum()
                    + classes[left][right] * (shares[row] * shares[column]).sum()
                    + (row == column ? noise * noise : 0)
            }
        }
        factor = CholeskyFactor(size: rows.count, matrix: matrix)
        let multipliers = factor.solve(targets)
        var step = [SIMD16<Double>](repeating: .zero, count: libraries.count)
        for row in rows.indices { step[places[row]] += shares[row] * multipliers[row] }
        return step
    }

    private func objective(_ weights: [SIMD16<Double>], _ offsets: [SIMD16<Double>], _ noise: Double) -> Double {
        let penalty = zip(weights, offsets).reduce(0) { $0 + ($1.0 * $1.1).sum() }
        let misfit = rows.indices.reduce(0.0) { sum, row in
            let total = cycles(of: rows[row], offset: offsets[places[row]])
            let residual = log(rows[row].cycles) - log(total.work.sum() + total.stall)
            return sum + residual * residual
        }
        return (penalty + misfit / (noise * noise)) / 2
    }

    /// Deviations of logarithms of all libraries of the rows.
    private func offsets(_ weights: [SIMD16<Double>]) -> [SIMD16<Double>] {
        libraries.indices.map { left in
            var offset = SIMD16<Double>()
            for right in libraries.indices {
                offset +=
                    Self.mask * (level[left][right] * weights[right].sum()) + weights[right] * classes[left][right]
            }
            return offset
        }
    }

    private func cycles(of row: MeasuredNetwork, offset: SIMD16<Double>) -> (work: SIMD16<Double>, stall: Double) {
        (row.amounts * Self.exponentials(prior.means + offset), row.stall)
    }

    /// 1 for every class of work, 0 for the lanes beyond.
    private static let mask: SIMD16<Double> = {
        var mask = SIMD16<Double>()
        for work in WorkClass.allCases { mask[work.position] = 1 }
        return mask
    }()

    private static func exponentials(_ logarithms: SIMD16<Double>) -> SIMD16<Double> {
        var result = SIMD16<Double>()
        for work in WorkClass.allCases { result[work.position] = exp(logarithms[work.position]) }
        return result
    }
}

extension WorkCostFit {
    /// Cycles of one unit of each class of work, for a library that may not be among the rows.
    package func costs(of library: LibraryOnCore) -> SIMD16<Double> {
        var offset = SIMD16<Double>()
        for (place, other) in libraries.enumerated() {
            offset +=
                Self.mask * (prior.level.covariance(library, other) * weights[place].sum())
                + weights[place] * prior.classes.covariance(library, other)
        }
        return Self.exponentials(prior.means + offset)
    }

    /// Relative standard deviation of the time of work whose cycles are shared so among the classes.
    package func deviation(of share: SIMD16<Double>, on library: LibraryOnCore) -> Double {
        let alone =
            prior.level.covariance(library, library) * share.sum() * share.sum()
            + prior.classes.covariance(library, library) * (share * share).sum()
        let common = rows.indices.map { row in
            let other = libraries[places[row]]
            return prior.level.covariance(library, other) * share.sum() * shares[row].sum()
                + prior.classes.covariance(library, other) * (share * shares[row]).sum()
        }
        let variance = alone - factor.inverseSquare(common) + prior.noise * prior.noise
        return max(variance, prior.noise * prior.noise).squareRoot()
    }

    /// Measurements of a library.
    package func count(of library: LibraryOnCore) -> Int {
        rows.count { $0.library == library }
    }
}
