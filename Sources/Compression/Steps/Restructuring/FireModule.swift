import Diagnostics
import Networks
import Tensors

/// The weights of a fire module that stands for a convolution.
struct FireModule {
    /// `squeeze x inputs`.
    let directions: Matrix
    /// Offsets of the squeeze.
    private(set) var shifts: [Double]
    /// `(place, squeeze) x outputs`; pointwise outputs, which come first, have weights at one place only.
    private(set) var expansion: Matrix
    private(set) var bias: [Double]
    /// Relative squared error of what it was fitted to.
    private(set) var error: Double
    /// Outputs of the pointwise kernel.
    let pointwise: Int
    /// The place of the kernel that the pointwise outputs read.
    let alignedPlace: Int
    /// Means and deviations of the features before their offsets.
    private let means: [Double]
    private let deviations: [Double]

    /// The module whose product is nearest to the layer when nothing is cut off by the rectifier.
    init(_ weights: Tensor, window: Window, squeeze: Int, pointwise: Int, moments: ResponseMoments) throws {
        let (places, inputs) = (weights.shape[1] * weights.shape[2], weights.shape[3])
        var directions = try Self.directions(weights, squeeze: squeeze, moments: moments)
        let inputMeans = (0..<inputs).map { channel in
            (0..<places).reduce(0) { $0 + moments.columnMeans[$1 * inputs + channel] } / Double(places)
        }
        let signs = (0..<directions.rows).map { row in
            let mean = (0..<inputs).reduce(0) { $0 + directions[row, $1] * inputMeans[$1] }
            let sum = (0..<inputs).reduce(0) { $0 + directions[row, $1] }
            return (mean == 0 ? sum : mean) < 0 ? -1.0 : 1.0
        }
        directions = directions.scalingRows(by: signs)
        self.directions = directions
        self.pointwise = pointwise
        alignedPlace = window.padding.top * weights.shape[2] + window.padding.left
        shifts = [Double](repeating: 0, count: directions.rows)
        let spread = Matrix(rows: places * inputs, columns: places * directions.rows) { row, column in
            row / inputs == column / directions.rows ? directions[column % directions.rows, row % inputs] : 0
        }
        let features = moments.transformed(by: spread)
        means = (0..<directions.rows).map { row in
            (0..<inputs).reduce(0) { $0 + directions[row, $1] * inputMeans[$1] }
        }
        let rows = Double(max(moments.count * places, 1))
        deviations = (0..<directions.rows).map { row in
            let squares = (0..<places).reduce(0) { sum, place in
                let at = place * directions.rows + row
                return sum + features.gram[at, at]
            }
            return (squares / rows).squareRoot()
        }
        (expansion, bias, error) = (features.cross, [], 0)
        try fit(features)
    }

    /// The directions of the input that matter most to the responses, `squeeze x inputs`.
    private static func directions(_ weights: Tensor, squeeze: Int, moments: ResponseMoments) throws -> Matrix {
        let (outputs, places, inputs) = (weights.shape[0], weights.shape[1] * weights.shape[2], weights.shape[3])
        let covariance = Matrix(rows: inputs, columns: inputs) { row, column in
            (0..<places).reduce(0) { $0 + moments.gram[$1 * inputs + row, $1 * inputs + column] }
        }
        let eigen = try SymmetricEigenvectors(covariance)
        let roots = eigen.roots
        let unfolded = Matrix(rows: outputs * places, columns: inputs, elements: weights.floats.map(Double.init))
        let rotated = unfolded.times(eigen.vectors)
        let weighted = Matrix(rows: rotated.rows, columns: inputs) { rotated[$0, $1] * roots[$1] }
        let right = try SingularValueDecomposition(weighted).right
        let leading = Matrix(rows: min(squeeze, right.rows), columns: inputs) { row, column in
            roots[column] > 0 ? right[row, column] / roots[column] : 0
        }
        return leading.times(eigen.vectors.transposed)
    }

    /// Both kernels by least squares on features.
    private mutating func fit(_ features: ResponseMoments) throws {
        let (width, outputs) = (directions.rows, features.cross.columns)
        let aligned = (0..<width).map { alignedPlace * width + $0 }
        let all = Array(0..<features.cross.rows)
        let one = try features.leastSquares(columns: aligned, outputs: Array(0..<pointwise))
        let full = try features.leastSquares(columns: all, outputs: Array(pointwise..<outputs))
        expansion = Matrix(rows: all.count, columns: outputs) { row, output in
            if output >= pointwise { return full[row, output - pointwise] }
            return row / width == alignedPlace ? one[row % width, output] : 0
        }
        bias = features.offsets(for: expansion)
        error = features.relativeError(of: expansion)
    }

    /// Fits offsets and both kernels to responses, on the features behind the rectifier.
    ///
    /// - Parameter targets: the responses of each case at the positions that are taken.
    mutating func refit(
        _ node: Node, in network: Network, targets: [Matrix], observing observer: any ActivationObserver
    ) throws {
        let choices = [nil, 1, 3].map { (reach: Double?) in
            zip(means, deviations).map { mean, deviation in reach.map { max($0 * deviation - mean, 0) } ?? 0 }
        }
        guard let patches = featurePatches(of: node, in: network) else { return }
        var sums = choices.map { _ in LayerMoments(columns: patches.columns, targets: bias.count) }
        var left = targets[...]
        let (places, shape) = (patches.spread(FitTarget.positions), network[node.inputs[0]].shape)
        try observer.observe([node.inputs[0]], of: network, first: targets.count) { tensors in
            guard let target = left.popFirst() else { return }
            let pixels = Matrix(
                rows: shape.elementCount / shape[3], columns: shape[3], elements: tensors[0].floats.map(Double.init))
            let features = pixels.times(directions.transposed)
            for (index, shifts) in choices.enumerated() {
                let passed = features.elements.enumerated().map {
                    Float(max($1 + shifts[$0 % directions.rows], 0))
                }
                let image = Tensor([shape[0], shape[1], shape[2], directions.rows], passed)
                sums[index].add(patches.matrix(of: image, at: places), targets: target)
            }
        }
        var best: FireModule?
        for (shifts, moments) in zip(choices, sums) {
            var module = self
            module.shifts = shifts
            try module.fit(ResponseMoments(moments))
            if module.error < best?.error ?? .infinity { best = module }
        }
        if let best { self = best }
    }

    /// The patches of the full kernel on the features.
    private func featurePatches(of node: Node, in network: Network) -> LayerPatches? {
        guard let weights = node.weights else { return nil }
        var part = network
        var (filters, image) = (network[weights].shape.extents, network[node.inputs[0]].shape.extents)
        (filters[3], image[3]) = (directions.rows, directions.rows)
        let zeros = [Float](repeating: 0, count: Shape(filters).elementCount)
        var reader = node
        reader.inputs = [
            part.append(Value(name: "features", shape: Shape(image), elementType: .float32)),
            part.append(Value(name: "filters", constant: Tensor(Shape(filters), zeros))),
        ]
        return LayerPatches(reader, in: part)
    }
}

extension FireModule {
    /// The weights of the squeeze.
    var squeezeTensor: Tensor {
        Tensor([directions.rows, 1, 1, directions.columns], directions.elements.map(Float.init))
    }

    /// The weights of the pointwise kernel.
    var pointwiseTensor: Tensor {
        let width = directions.rows
        return Tensor(
            [pointwise, 1, 1, width],
            (0..<pointwise * width).map { Float(expansion[alignedPlace * width + $0 % width, $0 / width]) })
    }

    /// The weights of the full kernel of `height` by `width`.
    func kernelTensor(height: Int, width: Int) -> Tensor {
        let count = expansion.columns - pointwise
        return Tensor(
            [count, height, width, directions.rows],
            (0..<count * expansion.rows).map {
                Float(expansion[$0 % expansion.rows, pointwise + $0 / expansion.rows])
            })
    }
}
