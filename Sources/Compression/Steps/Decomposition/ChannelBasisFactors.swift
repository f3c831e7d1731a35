import Networks
import Tensors

/// Separable filters of every input channel, of which outputs are sums.
struct ChannelBasisFactors: SeparableFactors {
    private let kernel: KernelExtents
    /// Filters of one channel.
    private let rank: Int
    /// `(depth, rank) x height`.
    private var vertical: Matrix
    /// `(depth, rank) x width`.
    private var horizontal: Matrix
    /// `outputs x (depth, rank)`.
    private var mixture: Matrix

    /// The nearest in weights: canonical polyadic factors of every channel's filters, from its leading singular vectors.
    init(_ filters: Matrix, kernel: KernelExtents, rank: Int) throws {
        let (height, width) = (kernel.height, kernel.width)
        var channels: [CanonicalPolyadic] = []
        for channel in 0..<kernel.depth {
            let slice = Matrix(rows: height * width, columns: filters.rows) { place, output in
                filters[output, kernel.column(place / width, place % width, channel)]
            }
            channels.append(
                try CanonicalPolyadic(
                    slice.elements, extents: [height, width, filters.rows],
                    start: ChannelBasisFactors.start(slice, height: height, width: width, rank: rank), iterations: 50))
        }
        self.kernel = kernel
        self.rank = rank
        vertical = Matrix(rows: kernel.depth * rank, columns: height) { channels[$0 / rank].factors[0][$1, $0 % rank] }
        horizontal = Matrix(rows: kernel.depth * rank, columns: width) { channels[$0 / rank].factors[1][$1, $0 % rank] }
        mixture = Matrix(rows: filters.rows, columns: kernel.depth * rank) {
            channels[$1 / rank].factors[2][$0, $1 % rank]
        }
    }

    /// Those `rank` products of left and right singular vectors that hold most of the filters; all of them make the filters.
    private static func start(_ slice: Matrix, height: Int, width: Int, rank: Int) throws -> [Matrix] {
        let outputs = slice.columns
        func gram(_ extent: Int, _ row: (Int, Int) -> Int, _ others: Int) throws -> Matrix {
            let unfolded = Matrix(rows: extent, columns: others * outputs) {
                slice[row($0, $1 / outputs), $1 % outputs]
            }
            return try SymmetricEigenvectors(unfolded.times(unfolded.transposed)).vectors
        }
        let left = try gram(height, { $0 * width + $1 }, width)
        let right = try gram(width, { $1 * width + $0 }, height)
        let pairs = Matrix(rows: height * width, columns: height * width) { pair, place in
            left[place / width, pair / width] * right[place % width, pair % width]
        }
        let held = pairs.times(slice)
        let energies = (0..<height * width).map { pair in
            (0..<outputs).reduce(0) { $0 + held[pair, $1] * held[pair, $1] }
        }
        let chosen = energies.indices.sorted { (energies[$1], $0) < (energies[$0], $1) }.prefix(rank)
        let places = Array(chosen)
        return [
            Matrix(rows: height, columns: rank) { left[$0, places[$1] / width] },
            Matrix(rows: width, columns: rank) { right[$0, places[$1] % width] },
            Matrix(rows: outputs, columns: rank) { held[places[$1], $0] },
        ]
    }

    /// What the pointwise convolution combines, `(depth, rank) x columns`.
    private var features: Matrix {
        Matrix(rows: kernel.depth * rank, columns: kernel.columns) { row, column in
            guard column % kernel.depth == row / rank else { return 0 }
            let place = column / kernel.depth
            return vertical[row, place / kernel.width] * horizontal[row, place % kernel.width]
        }
    }

    var product: Matrix { mixture.times(features) }

    mutating func refit(to filters: Matrix, metric: FilterMetric, rounds: Int) throws {
        let (height, width) = (kernel.height, kernel.width)
        mixture = try metric.combinations(of: features, nearest: filters)
        for _ in 0..<rounds {
            var residual = FactorResidual(filters, minus: product, metric: metric)
            for term in 0..<kernel.depth * rank {
                let channel = term / rank
                let rows = Matrix(rows: filters.rows, columns: width) { mixture[$0, term] * horizontal[term, $1] }
                let byRow = (0..<height).map { y in (0..<width).map { kernel.column(y, $0, channel) } }
                for (place, change) in try residual.change(shape: rows, columns: byRow).enumerated() {
                    vertical.elements[term * height + place] += change
                }
                let columns = Matrix(rows: filters.rows, columns: height) { mixture[$0, term] * vertical[term, $1] }
                let byColumn = (0..<width).map { x in (0..<height).map { kernel.column($0, x, channel) } }
                for (place, change) in try residual.change(shape: columns, columns: byColumn).enumerated() {
                    horizontal.elements[term * width + place] += change
                }
            }
            mixture = try metric.combinations(of: features, nearest: filters)
        }
    }

    static func stages(_ groups: [any SeparableFactors], of convolution: Convolution2D) -> [LayerStage] {
        let groups = groups.compactMap { $0 as? ChannelBasisFactors }
        let kernel = groups[0].kernel
        let (first, second) = convolution.window.split
        let vertical = groups.flatMap { $0.vertical.elements.map(Float.init) }
        let horizontal = groups.flatMap { $0.horizontal.elements.map(Float.init) }
        return [
            .depthwise(window: first, height: kernel.height, width: 1, byChannel: vertical),
            .depthwise(window: second, height: 1, width: kernel.width, byChannel: horizontal),
            .pointwise(
                Matrix(stacking: groups.map(\.mixture)), groups: groups.count, activation: convolution.activation),
        ]
    }
}
