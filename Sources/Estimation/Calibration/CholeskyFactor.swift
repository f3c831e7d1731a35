import Foundation

/// The lower triangle L of a symmetric positive definite matrix A = L Lᵀ, for solving A x = b.
struct CholeskyFactor: Sendable {
    private let size: Int
    private var lower: [Double]

    /// - Parameter matrix: row-major; only its lower triangle is read. Cost: size³ / 6 products.
    init(size: Int, matrix: [Double]) {
        precondition(matrix.count == size * size, "a matrix is square")
        self.size = size
        lower = matrix
        for row in 0..<size {
            for column in 0...row {
                var sum = lower[row * size + column]
                for inner in 0..<column { sum -= lower[row * size + inner] * lower[column * size + inner] }
                if row == column {
                    precondition(sum > 0, "a covariance with noise is positive definite")
                    lower[row * size + row] = sum.squareRoot()
                } else {
                    lower[row * size + column] = sum / lower[column * size + column]
                }
            }
        }
    }

    /// x of A x = b.
    func solve(_ right: [Double]) -> [Double] {
        var solution = forward(right)
        for row in stride(from: size - 1, through: 0, by: -1) {
            var sum = solution[row]
            for below in (row + 1)..<max(row + 1, size) { sum -= lower[below * size + row] * solution[below] }
            solution[row] = sum / lower[row * size + row]
        }
        return solution
    }

    /// bᵀ A⁻¹ b.
    func inverseSquare(_ vector: [Double]) -> Double {
        forward(vector).reduce(0) { $0 + $1 * $1 }
    }

    private func forward(_ right: [Double]) -> [Double] {
        var solution = right
        for row in 0..<size {
            var sum = solution[row]
            for column in 0..<row { sum -= lower[row * size + column] * solution[column] }
            solution[row] = sum / lower[row * size + row]
        }
        return solution
    }
}
