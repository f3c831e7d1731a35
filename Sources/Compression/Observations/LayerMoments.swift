import Diagnostics
package import Networks
import Tensors

/// Sums over calibration cases from which least-squares fits of a layer are computed: `X` are the patches of one group.
package struct LayerMoments: Sendable {
    /// `transposed X * X`, `columns x columns`.
    package private(set) var gram: Matrix
    /// `transposed X * Y`, `columns x targets`, with the targets that the layer's outputs shall be.
    package private(set) var cross: Matrix
    /// The sum of every column of `X`.
    package private(set) var columnSums: [Double]
    /// The sum of every target.
    package private(set) var targetSums: [Double]
    /// The sum of squares of every target.
    package private(set) var targetSquares: [Double]
    /// Rows seen.
    package private(set) var count = 0

    package init(columns: Int, targets: Int = 0) {
        gram = Matrix(rows: columns, columns: columns, elements: [Double](repeating: 0, count: columns * columns))
        cross = Matrix(rows: columns, columns: targets, elements: [Double](repeating: 0, count: columns * targets))
        columnSums = [Double](repeating: 0, count: columns)
        targetSums = [Double](repeating: 0, count: targets)
        targetSquares = [Double](repeating: 0, count: targets)
    }

    /// Adds rows of patches with the targets of each.
    ///
    /// - Precondition: as many rows of targets as of patches, unless there are no targets.
    package mutating func add(_ patches: Matrix, targets: Matrix? = nil) {
        count += patches.rows
        gram.addGram(of: patches)
        patches.addColumnSums(to: &columnSums)
        guard let targets, targets.columns > 0 else { return }
        cross.addProduct(transposed: patches, targets)
        targets.addColumnSums(to: &targetSums)
        for row in 0..<targets.rows {
            for column in 0..<targets.columns {
                let target = targets[row, column]
                targetSquares[column] += target * target
            }
        }
    }

    /// The weights and offsets that bring `X * weights + offsets` nearest to the targets.
    ///
    /// - Parameter damping: part of the mean squared input added to each, which keeps a singular system solvable.
    /// - Returns: `weights`, `columns x targets`, and an offset a target.
    package func leastSquares(damping: Double = 1e-8) throws -> (weights: Matrix, offsets: [Double]) {
        let rows = Double(max(count, 1))
        var centered = gram
        centered.addOuter(columnSums, columnSums, factor: -1 / rows)
        var response = cross
        response.addOuter(columnSums, targetSums, factor: -1 / rows)
        let weights = try CholeskyFactor(centered, damping: damping).solve(response)
        let offsets = targetSums.indices.map { target in
            (targetSums[target] - columnSums.indices.reduce(0) { $0 + columnSums[$1] * weights[$1, target] }) / rows
        }
        return (weights, offsets)
    }
}

extension ActivationObserver {
    /// The moments of each group of a layer's patches on what `network` gives it, without targets.
    ///
    /// - Parameter positions: at most so many output positions of a case are taken, spread evenly; nil for all.
    package func moments(of node: Node, in network: Network, positions: Int? = nil) throws -> [LayerMoments] {
        guard let patches = LayerPatches(node, in: network) else { return [] }
        var moments = [LayerMoments](repeating: LayerMoments(columns: patches.columns), count: patches.groups)
        let places = patches.spread(positions)
        try observe([node.inputs[0]], of: network) { tensors in
            for group in moments.indices {
                moments[group].add(patches.matrix(of: tensors[0], group: group, at: places))
            }
        }
        return moments
    }
}

extension LayerPatches {
    /// At most `count` output positions, scattered evenly over the image; nil, which stands for all, when there are no more.
    ///
    /// They are multiples of a golden section of the positions, modulo their number: a lattice of rank 1, which lines up neither
    /// with rows nor with columns of the image.
    package func spread(_ count: Int?) -> [Int]? {
        guard let count, count > 0, count < positions else { return nil }
        let golden = Int((Double(positions) * 0.618_033_988_749_895).rounded(.down))
        let step = (max(golden, 1)...positions).first { Self.areCoprime($0, positions) } ?? 1
        return (0..<count).map { ($0 * step + step / 2) % positions }.sorted()
    }

    private static func areCoprime(_ first: Int, _ second: Int) -> Bool {
        second == 0 ? first == 1 : areCoprime(second, first % second)
    }
}
