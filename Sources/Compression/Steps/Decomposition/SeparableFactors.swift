import Networks
import Tensors

/// Rows and columns of a kernel and the channels that one of its filters reads.
struct KernelExtents: Sendable {
    let height: Int
    let width: Int
    let depth: Int

    /// - Parameter weights: `outputs x height x width x depth`.
    init(_ weights: Shape) {
        (height, width, depth) = (weights[1], weights[2], weights[3])
    }

    var columns: Int { height * width * depth }

    /// Where a filter keeps the weight of a place, as in `LayerPatches`.
    func column(_ y: Int, _ x: Int, _ channel: Int) -> Int { (y * width + x) * depth + channel }
}

/// Factors of the filters of one group into kernels of one row or column.
protocol SeparableFactors: Sendable {
    /// The filters that the factors make together, `outputs x columns`.
    var product: Matrix { get }

    /// Lowers the distance of `product` from `filters`, factor by factor.
    mutating func refit(to filters: Matrix, metric: FilterMetric, rounds: Int) throws

    /// The layers that compute with the factors of all groups, in the place of `convolution`.
    static func stages(_ groups: [any SeparableFactors], of convolution: Convolution2D) -> [LayerStage]
}

/// What is left of filters while their factors are fitted one after the other.
struct FactorResidual {
    /// What is left times the scatter.
    private var weighted: Matrix
    private let metric: FilterMetric

    init(_ filters: Matrix, minus product: Matrix, metric: FilterMetric) {
        weighted = metric.weighted(filters.minus(product))
        self.metric = metric
    }

    /// The change of the numbers `t` of a factor that leaves the least, taken off the residual.
    ///
    /// The factor makes the filters `sum over j and q of t[j] * shape[n, q]` in column `columns[j][q]`.
    mutating func change(shape: Matrix, columns: [[Int]]) throws -> [Double] {
        let gram = shape.times(shape, transposingSelf: true)
        let normal = Matrix(rows: columns.count, columns: columns.count) { first, second in
            var sum = 0.0
            for (row, left) in columns[first].enumerated() {
                for (column, right) in columns[second].enumerated() {
                    let scatter = metric.scatter.map { $0[left, right] } ?? (left == right ? 1 : 0)
                    sum += gram[row, column] * scatter
                }
            }
            return sum
        }
        let projected = shape.times(weighted, transposingSelf: true)
        let right = Matrix(rows: columns.count, columns: 1) { place, _ in
            columns[place].enumerated().reduce(0) { $0 + projected[$1.offset, $1.element] }
        }
        let change = try CholeskyFactor(normal, damping: 1e-10).solve(right).elements
        var spread = Matrix(rows: shape.columns, columns: weighted.columns)
        for (place, columns) in columns.enumerated() {
            for (row, column) in columns.enumerated() {
                spread.elements[row * weighted.columns + column] += change[place]
            }
        }
        weighted.subtractProduct(shape, metric.weighted(spread))
        return change
    }
}

extension Window {
    /// The vertical and the horizontal part of the window's movement.
    var split: (vertical: Window, horizontal: Window) {
        (
            Window(
                strideHeight: strideHeight, dilationHeight: dilationHeight,
                padding: Margins(top: padding.top, bottom: padding.bottom)),
            Window(
                strideWidth: strideWidth, dilationWidth: dilationWidth,
                padding: Margins(left: padding.left, right: padding.right))
        )
    }
}
