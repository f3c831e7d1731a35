import FixedPoint
import Networks
import Tensors

/// An operator through which the gradient of a loss passes backwards, in float.
protocol GradientCarrying: Operator {
    /// The slope of the loss at each element of an input that is not constant.
    func slopes(ofInput index: Int, at record: NodeRecord) throws -> [Double]
}

/// What a node read and wrote in one case, and the slope of the loss at each element of its result.
struct NodeRecord {
    let node: Node
    let network: Network
    let inputs: [Tensor]
    let result: Tensor
    let slope: [Double]

    init(_ node: Node, in network: Network, values: [ValueID: Tensor], slope: [Double]) {
        (self.node, self.network, self.slope) = (node, network, slope)
        func tensor(_ id: ValueID) -> Tensor {
            network[id].constant ?? values[id] ?? Tensor(shape: network[id].shape, elements: .float32([]))
        }
        inputs = node.inputs.map(tensor)
        result = tensor(node.outputs[0])
    }

    /// What the operator makes of other inputs.
    func evaluate(_ inputs: [Tensor]) throws -> [Float] {
        let type = ResultType(shape: result.shape, elementType: .float32)
        let arithmetic = Arithmetic(runtime: network.runtime, accumulator: node.accumulator)
        let results = try node.operation.evaluate(
            inputs.map { Operand($0) }, results: [type], arithmetic: arithmetic)
        return results[0].floats
    }

    /// The slope in front of a fused clamp.
    func slope(inFrontOf activation: Activation) -> [Double] { activation.passed(slope, at: result.floats) }
}

extension Activation {
    /// The slopes in front of the clamp, which lets nothing pass where it holds the results.
    func passed(_ slopes: [Double], at results: [Float]) -> [Double] {
        let (lower, upper) = range
        return slopes.indices.map { place in
            let isHeld = lower.map { results[place] <= $0 } ?? false || upper.map { results[place] >= $0 } ?? false
            return isHeld ? 0 : slopes[place]
        }
    }
}

extension Convolution2D: GradientCarrying {
    func slopes(ofInput index: Int, at record: NodeRecord) -> [Double] { record.layerSlopes(activation) }
}

extension DepthwiseConvolution2D: GradientCarrying {
    func slopes(ofInput index: Int, at record: NodeRecord) -> [Double] { record.layerSlopes(activation) }
}

extension FullyConnected: GradientCarrying {
    func slopes(ofInput index: Int, at record: NodeRecord) -> [Double] { record.layerSlopes(activation) }
}

extension NodeRecord {
    /// Each slope goes to the inputs under the window, times the weight between them.
    fileprivate func layerSlopes(_ activation: Activation) -> [Double] {
        var slopes = [Double](repeating: 0, count: inputs[0].shape.elementCount)
        guard let patches = LayerPatches(node, in: network) else { return slopes }
        let (results, reals) = (slope(inFrontOf: activation), inputs[1].floats.map(Double.init))
        let channels = patches.groups * patches.groupOutputs
        for group in 0..<patches.groups {
            let own = Matrix(rows: patches.positions, columns: patches.groupOutputs) {
                results[$0 * channels + patches.channel($1, ofGroup: group)]
            }
            patches.scatter(own.times(patches.filters(of: reals, group: group)), group: group, into: &slopes)
        }
        return slopes
    }
}

extension MaxPool2D: GradientCarrying {
    /// The slope goes to the first of the largest elements of the window.
    func slopes(ofInput index: Int, at record: NodeRecord) -> [Double] {
        let (values, result, slope) = (
            record.inputs[0].floats, record.result.floats, record.slope(inFrontOf: activation)
        )
        var (slopes, given) = (
            [Double](repeating: 0, count: values.count), [Bool](repeating: false, count: result.count)
        )
        record.forEachPooled(window, kernel: (kernelHeight, kernelWidth)) { source, target in
            guard !given[target], activation.clamped(values[source]) == result[target] else { return }
            given[target] = true
            slopes[source] += slope[target]
        }
        return slopes
    }
}

extension AveragePool2D: GradientCarrying {
    /// The slope goes to all elements of the window in equal parts.
    func slopes(ofInput index: Int, at record: NodeRecord) -> [Double] {
        let slope = record.slope(inFrontOf: activation)
        var slopes = [Double](repeating: 0, count: record.inputs[0].shape.elementCount)
        var counts = [Double](repeating: 0, count: slope.count)
        record.forEachPooled(window, kernel: (kernelHeight, kernelWidth)) { counts[$1] += 1 }
        record.forEachPooled(window, kernel: (kernelHeight, kernelWidth)) { source, target in
            slopes[source] += slope[target] / counts[target]
        }
        return slopes
    }
}

extension NodeRecord {
    /// Calls `body` with the places of an input element and of the result in whose window it lies.
    fileprivate func forEachPooled(
        _ window: Window, kernel: (height: Int, width: Int), _ body: (_ source: Int, _ target: Int) -> Void
    ) {
        let (image, output) = (inputs[0].shape, result.shape)
        let (pixels, outputs, channels) = (image[1] * image[2], output[1] * output[2], image[3])
        for batch in 0..<image[0] {
            window.forEachTap(image: image, result: output, kernel: kernel) { target, _, source in
                for channel in 0..<channels {
                    body(
                        (batch * pixels + source) * channels + channel, (batch * outputs + target) * channels + channel)
                }
            }
        }
    }
}

extension Mean: GradientCarrying {
    func slopes(ofInput index: Int, at record: NodeRecord) -> [Double] {
        let image = record.inputs[0].shape
        let kept = Shape(image.extents.enumerated().map { axes.contains($0) ? 1 : $1 })
        let share = Double(kept.elementCount) / Double(image.elementCount)
        return image.places(broadcast: kept).map { record.slope[$0] * share }
    }
}
