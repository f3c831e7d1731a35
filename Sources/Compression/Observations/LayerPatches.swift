package import Networks
package import Tensors

/// The inputs that a layer's weights multiply, as rows of a matrix: `response = patches * transposed weights + bias`.
///
/// A row belongs to one output position, a column to one weight of a filter, in the order in which filters are stored; padding
/// is 0. Output channels of one group share their patches: those of a group of a convolution, one channel of a depthwise layer
/// (`1 x height x width x outputs`: its filter lies along the last axis), all channels of a fully connected layer.
package struct LayerPatches: Sendable {
    /// Groups of output channels with patches of their own.
    package let groups: Int
    /// Output channels of one group.
    package let groupOutputs: Int
    /// Columns: weights of one filter.
    package let columns: Int
    /// Output positions of one case.
    package let positions: Int
    private let image: Shape
    private let output: Shape
    private let window: Window
    private let kernel: (height: Int, width: Int)
    /// Input channels of one group.
    private let depth: Int
    /// Filters lie along the last axis.
    private let isDepthwise: Bool

    /// The patches of a layer, or nil for a node without weights.
    package init?(_ node: Node, in network: Network) {
        guard let id = node.weights, node.inputs.count > 1, let result = node.outputs.first else { return nil }
        let (weights, input, output) = (network[id].shape, network[node.inputs[0]].shape, network[result].shape)
        if let convolution = node.operation as? Convolution2D, weights.rank == 4 {
            self.init(
                image: input, output: output, window: convolution.window, kernel: (weights[1], weights[2]),
                depth: weights[3], groups: convolution.groups, isDepthwise: false)
        } else if let depthwise = node.operation as? DepthwiseConvolution2D, weights.rank == 4 {
            self.init(
                image: input, output: output, window: depthwise.window, kernel: (weights[1], weights[2]), depth: 1,
                groups: input[3], isDepthwise: true)
        } else if node.operation is FullyConnected, weights.rank == 2 {
            let rows = input.elementCount / max(weights[1], 1)
            self.init(
                image: [rows, 1, 1, weights[1]], output: [rows, 1, 1, weights[0]], window: Window(), kernel: (1, 1),
                depth: weights[1], groups: 1, isDepthwise: false)
        } else {
            return nil
        }
    }

    private init(
        image: Shape, output: Shape, window: Window, kernel: (height: Int, width: Int), depth: Int, groups: Int,
        isDepthwise: Bool
    ) {
        (self.image, self.output, self.window, self.kernel, self.depth) = (image, output, window, kernel, depth)
        self.groups = groups
        self.isDepthwise = isDepthwise
        groupOutputs = output[3] / max(groups, 1)
        columns = kernel.height * kernel.width * depth
        positions = output[0] * output[1] * output[2]
    }

    /// The output channel of a group's output.
    package func channel(_ index: Int, ofGroup group: Int) -> Int { group * groupOutputs + index }

    /// The patches of one group on one case.
    ///
    /// - Parameters:
    ///   - input: the layer's input as reals.
    ///   - chosen: places among `0..<positions`, or nil for all.
    package func matrix(of input: Tensor, group: Int = 0, at chosen: [Int]? = nil) -> Matrix {
        let reals = input.floats
        let places = chosen ?? Array(0..<positions)
        var elements = [Double](repeating: 0, count: places.count * columns)
        forEachRun(at: places, group: group) { target, source in
            for index in 0..<depth { elements[target + index] = Double(reals[source + index]) }
        }
        return Matrix(rows: places.count, columns: columns, elements: elements)
    }

    /// Adds rows of patches of one group at all positions to where their elements lie in the input.
    package func scatter(_ patches: Matrix, group: Int = 0, into input: inout [Double]) {
        precondition(patches.rows == positions && patches.columns == columns, "matrices do not fit")
        forEachRun(at: Array(0..<positions), group: group) { target, source in
            for index in 0..<depth { input[source + index] += patches.elements[target + index] }
        }
    }

    /// Calls `body` for each run of neighbouring channels with its places in the rows of patches and in the input.
    private func forEachRun(at places: [Int], group: Int, _ body: (_ target: Int, _ source: Int) -> Void) {
        for (row, place) in places.enumerated() {
            let (batch, at) = (place / (output[1] * output[2]), place % (output[1] * output[2]))
            let top = at / output[2] * window.strideHeight - window.padding.top
            let left = at % output[2] * window.strideWidth - window.padding.left
            for kernelRow in 0..<kernel.height {
                let y = top + kernelRow * window.dilationHeight
                guard y >= 0, y < image[1] else { continue }
                for kernelColumn in 0..<kernel.width {
                    let x = left + kernelColumn * window.dilationWidth
                    guard x >= 0, x < image[2] else { continue }
                    body(
                        row * columns + (kernelRow * kernel.width + kernelColumn) * depth,
                        ((batch * image[1] + y) * image[2] + x) * image[3] + group * depth)
                }
            }
        }
    }

    /// The filters of one group as a matrix of `groupOutputs x columns`, from a layer's weights as they are stored.
    package func filters(of reals: [Double], group: Int = 0) -> Matrix {
        Matrix(rows: groupOutputs, columns: columns) { index, column in
            reals[place(ofColumn: column, channel: channel(index, ofGroup: group))]
        }
    }

    /// Puts the filters of one group where they are stored.
    func put(_ filters: Matrix, group: Int = 0, into reals: inout [Double]) {
        for index in 0..<groupOutputs {
            for column in 0..<columns {
                reals[place(ofColumn: column, channel: channel(index, ofGroup: group))] = filters[index, column]
            }
        }
    }

    /// Where a weight lies in the stored tensor.
    package func place(ofColumn column: Int, channel: Int) -> Int {
        isDepthwise ? column * output[3] + channel : channel * columns + column
    }
}
