import Diagnostics
import Foundation
import Tensors

/// A tensor as a sum of products of one vector along every axis, by alternating least squares.
///
/// `X[i, j, ...] ≈ sum over r of A[i, r] * B[j, r] * ...`. A fit of low rank may not exist: terms then grow against each other.
/// Where their norm passes `limit` times the tensor's, the squares of the factors are held down by a weight that doubles until
/// it no longer does (the fit of least norm instead of that of least error).
package struct CanonicalPolyadic: Sendable {
    /// One an axis, `extent x rank`; the vectors of a term are equally long on all axes.
    package private(set) var factors: [Matrix]
    /// The norm of all terms, each by itself, over the norm of the tensor; above about 1 terms cancel each other.
    package private(set) var degeneracy = 0.0
    /// Whether terms grew against each other and were held down.
    package private(set) var isRegularized = false
    /// The sum of squares of tensor minus product, over that of the tensor.
    package private(set) var relativeError = 1.0
    private let unfoldings: [Matrix]
    private let norm: Double
    private var penalty = 0.0

    /// - Parameters:
    ///   - elements: in row-major order of `extents`.
    ///   - start: a factor an axis.
    ///   - limit: the degeneracy from which terms are held down.
    package init(
        _ elements: [Double], extents: [Int], start: [Matrix], iterations: Int, limit: Double = 5
    ) throws {
        unfoldings = extents.indices.map { CanonicalPolyadic.unfolding(elements, extents, axis: $0) }
        norm = elements.reduce(0) { $0 + $1 * $1 }
        factors = start
        guard norm > 0 else {
            factors[0] = Matrix(rows: extents[0], columns: start[0].columns)
            relativeError = 0
            return
        }
        try improve(iterations: iterations, limit: limit)
    }

    /// The best of three starts, of leading singular vectors and of random ones, fitted to the end.
    package init(
        _ elements: [Double], extents: [Int], rank: Int, iterations: Int, limit: Double = 5, seed: UInt64 = 1
    ) throws {
        var best: CanonicalPolyadic?
        for attempt in 0..<3 {
            let start = try extents.indices.map { axis in
                try CanonicalPolyadic.start(
                    attempt == 0 ? CanonicalPolyadic.unfolding(elements, extents, axis: axis) : nil,
                    extent: extents[axis], rank: rank, seed: seed &+ UInt64(attempt * extents.count + axis))
            }
            let fit = try CanonicalPolyadic(
                elements, extents: extents, start: start, iterations: min(iterations, 10), limit: limit)
            if fit.relativeError < best?.relativeError ?? .infinity { best = fit }
        }
        guard var best else { throw Diagnostic("no canonical polyadic factors were found") }
        if iterations > 10 { try best.improve(iterations: iterations - 10, limit: limit) }
        self = best
    }

    /// The leading left singular vectors of an unfolding, and random ones for the rest.
    private static func start(_ unfolding: Matrix?, extent: Int, rank: Int, seed: UInt64) throws -> Matrix {
        var generator = SplitMix64(seed: seed)
        let random = Matrix(rows: extent, columns: rank) { _, _ in Double(generator.next() >> 11) * 0x1p-52 - 1 }
        guard let unfolding else { return random }
        let vectors = try SymmetricEigenvectors(unfolding.times(unfolding.transposed)).vectors
        return Matrix(rows: extent, columns: rank) { $1 < extent ? vectors[$0, $1] : random[$0, $1] }
    }

    /// Rows along one axis, columns along the others in their order.
    private static func unfolding(_ elements: [Double], _ extents: [Int], axis: Int) -> Matrix {
        let inner = extents[(axis + 1)...].reduce(1, *)
        let outer = extents[..<axis].reduce(1, *)
        return Matrix(rows: extents[axis], columns: outer * inner) { row, column in
            elements[(column / inner * extents[axis] + row) * inner + column % inner]
        }
    }

    /// Rounds of least squares over all axes, until the error falls by less than a millionth of itself.
    private mutating func improve(iterations: Int, limit: Double) throws {
        for _ in 0..<iterations {
            let before = relativeError
            for axis in factors.indices {
                balance()
                let projected = unfoldings[axis].times(products(without: axis))
                factors[axis] = try fitted(axis: axis, projected)
                if axis == factors.count - 1 { measure(axis: axis, projected) }
            }
            balance()
            if degeneracy > limit {
                penalty = penalty > 0 ? penalty * 2 : 1e-6 * norm / max(factors[0].squaredNorm, 1e-300)
                isRegularized = true
            } else if abs(before - relativeError) <= 1e-6 * before || relativeError < 1e-14 {
                return
            }
        }
    }

    /// The products of the other axes' vectors, one column a term.
    private func products(without axis: Int) -> Matrix {
        let others = factors.indices.filter { $0 != axis }.map { factors[$0] }
        return others.dropFirst().reduce(others[0]) { left, right in
            let terms = left.columns
            var elements: [Double] = []
            elements.reserveCapacity(left.rows * right.rows * terms)
            for row in 0..<left.rows {
                for other in 0..<right.rows {
                    for term in 0..<terms {
                        elements.append(left.elements[row * terms + term] * right.elements[other * terms + term])
                    }
                }
            }
            return Matrix(rows: left.rows * right.rows, columns: terms, elements: elements)
        }
    }

    /// The inner products of every two terms, over the axes that `includes` names.
    private func gram(over includes: (Int) -> Bool) -> Matrix {
        let terms = factors[0].columns
        var gram = Matrix(rows: terms, columns: terms) { _, _ in 1 }
        for axis in factors.indices where includes(axis) {
            let own = factors[axis].times(factors[axis], transposingSelf: true)
            for place in own.elements.indices { gram.elements[place] *= own.elements[place] }
        }
        return gram
    }

    /// - Parameter projected: the unfolding times the products of the other axes' vectors.
    private func fitted(axis: Int, _ projected: Matrix) throws -> Matrix {
        var normal = gram { $0 != axis }
        normal.addToDiagonal(penalty)
        return try CholeskyFactor(normal, damping: 1e-12).solve(projected.transposed).transposed
    }

    private mutating func measure(axis: Int, _ projected: Matrix) {
        let gram = gram { _ in true }
        let held = projected.elements.dot(factors[axis].elements)
        relativeError = max((norm - 2 * held + gram.elements.reduce(0, +)) / norm, 0)
        degeneracy = (gram.trace / norm).squareRoot()
    }

    /// Makes the vectors of every term equally long.
    private mutating func balance() {
        let lengths = factors.map { factor in
            (0..<factor.columns).map { column in
                (0..<factor.rows).reduce(0) { $0 + factor[$1, column] * factor[$1, column] }.squareRoot()
            }
        }
        let common = (0..<factors[0].columns).map { term in
            pow(lengths.reduce(1) { $0 * $1[term] }, 1 / Double(factors.count))
        }
        for axis in factors.indices {
            let factor = factors[axis]
            factors[axis] = Matrix(rows: factor.rows, columns: factor.columns) { row, term in
                common[term] > 0 ? factor[row, term] / lengths[axis][term] * common[term] : factor[row, term]
            }
        }
    }
}
