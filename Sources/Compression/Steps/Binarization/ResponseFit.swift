import Diagnostics
import Networks
import Tensors

/// Codes of a filter's weights chosen so that its responses on the calibration cases change least.
///
/// A weight's value is the product of coefficients with the row of a table that its code names. Codes are chosen one column
/// after the other, and what a column's rounding changes is made up for by the columns behind it, as optimal brain surgery does
/// (Frantar, Ashkboos, Hoefler, Alistarh: GPTQ, 2023); coefficients are then the least-squares ones for the codes. Responses are
/// looked at without their means, which the bias takes.
struct ResponseFit {
    /// The mean of each column of the patches.
    let means: [Double]
    private let covariance: Matrix
    /// Upper triangle `U` of `inverse covariance = U' U`.
    private let upper: Matrix

    /// - Throws: `Diagnostic` when the cases determine nothing.
    init(_ moments: LayerMoments) throws {
        (means, covariance) = (moments.means, moments.scatter)
        upper = try CholeskyFactor(CholeskyFactor(covariance, damping: 0.01).inverse(), damping: 1e-9).lower.transposed
    }

    /// The fit of each group of a layer on what `network` gives it.
    static func groups(
        of node: Node, in network: Network, observing observer: any ActivationObserver, positions: Int
    ) throws -> [ResponseFit] {
        try observer.moments(of: node, in: network, positions: positions).map { moments in
            guard moments.count > 0 else { throw Diagnostic.withoutCases(layer: node.name) }
            return try ResponseFit(moments)
        }
    }

    /// What the bias must be raised by.
    func meanChange(from filter: [Double], to values: [Double]) -> Double {
        means.indices.reduce(0) { $0 + means[$1] * (filter[$1] - values[$1]) }
    }

    /// Codes and coefficients in turns, from given ones; the best of all that are met.
    ///
    /// - Parameters:
    ///   - table: for each code what its value is made of.
    ///   - isAllowed: whether coefficients may be taken.
    func fitted(
        _ filter: [Double], table: [[Double]], start: (codes: [Int], coefficients: [Double]), rounds: Int = 4,
        isAllowed: ([Double]) -> Bool = { _ in true }
    ) -> (codes: [Int], coefficients: [Double]) {
        func values(_ codes: [Int], _ coefficients: [Double]) -> [Double] {
            let values = table.map { $0.dot(coefficients) }
            return codes.map { values[$0] }
        }
        var best = (codes: start.codes, coefficients: start.coefficients)
        var least = error(filter, values(best.codes, best.coefficients))
        var coefficients = start.coefficients
        for _ in 0..<rounds {
            let codes = codes(of: filter, values: table.map { $0.dot(coefficients) })
            let fitted = leastSquares(filter, codes: codes, table: table)
            if let fitted, isAllowed(fitted) { coefficients = fitted }
            let error = error(filter, values(codes, coefficients))
            if error < least { (best, least) = ((codes, coefficients), error) }
        }
        return best
    }

    /// The squared change of the responses, without means.
    func error(_ filter: [Double], _ values: [Double]) -> Double {
        let change = Matrix(rows: 1, columns: filter.count, elements: zip(filter, values).map { $0 - $1 })
        return change.elements.dot(change.times(covariance).elements)
    }

    /// The code of each weight.
    private func codes(of filter: [Double], values: [Double]) -> [Int] {
        var rest = filter
        return rest.indices.map { column in
            var code = 0
            for other in values.indices where abs(values[other] - rest[column]) < abs(values[code] - rest[column]) {
                code = other
            }
            let factor = (rest[column] - values[code]) / upper[column, column]
            for later in column..<rest.count { rest[later] -= factor * upper[column, later] }
            return code
        }
    }

    /// The coefficients with the least error for these codes, or nil when codes leave some undetermined.
    private func leastSquares(_ filter: [Double], codes: [Int], table: [[Double]]) -> [Double]? {
        let terms = table.first?.count ?? 0
        let basis = Matrix(rows: terms, columns: filter.count) { table[codes[$1]][$0] }
        let weighted = basis.times(covariance)
        let gram = weighted.times(basis.transposed)
        let right = weighted.times(Matrix(rows: filter.count, columns: 1, elements: filter))
        return try? CholeskyFactor(gram).solve(right).elements
    }
}
