import Diagnostics
public import Tensors
public import Workloads

/// Convolution of each channel with filters of its own, `1 x height x width x outputs`; bias optional.
///
/// Output channel `c * multiplier + m` is made from input channel `c`.
public struct DepthwiseConvolution2D: Operator {
    public static let name = "depthwiseConvolution2D"

    public var window: Window
    public var activation: Activation

    public init(window: Window = Window(), activation: Activation = .none) {
        self.window = window
        self.activation = activation
    }

    public var computeClass: ComputeClass { .depthwise }
    public var weightOperand: Int? { 1 }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard (2...3).contains(inputs.count), inputs[0].rank == 4, inputs[1].rank == 4 else {
            throw Diagnostic("a depthwise convolution takes an image, filters of rank 4 and a bias")
        }
        let (image, filters) = (inputs[0], inputs[1])
        guard filters[0] == 1, image[3] > 0, filters[3] > 0, filters[3] % image[3] == 0 else {
            throw Diagnostic("depthwise filters of \(filters) do not suit an image of \(image)")
        }
        if inputs.count == 3, inputs[2].elementCount != filters[3] {
            throw Diagnostic("a bias of \(inputs[2]) for \(filters[3]) channels")
        }
        let (height, width) = try window.outputExtents(
            height: image[1], width: image[2], kernelHeight: filters[1], kernelWidth: filters[2])
        guard let shape = Shape(checking: [image[0], height, width, filters[3]]) else {
            throw Diagnostic("the result has too many elements")
        }
        return [shape]
    }

    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        let (image, filters) = (inputs[0], inputs[1])
        var loops = LoopNest(image: image, output: outputs[0], window: window)
        loops.groups = image[3]
        loops.outputChannels = filters[3] / image[3]
        loops.kernelHeight = filters[1]
        loops.kernelWidth = filters[2]
        return loops
    }
}

extension DepthwiseConvolution2D {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (image, filters, result) = (operands[0].shape, operands[1].shape, results[0])
        let integer = try IntegerLayer(
            operands, channels: filters[3], result: result, activation: activation, arithmetic: arithmetic,
            rule: arithmetic.runtime.depthwiseRule)
        if let integer {
            let sums = elements(image: image, filters: filters, output: result.shape, integer.sum)
            return [try Tensor.result(integer.elements(of: sums), as: result)]
        }
        let real = try RealLayer(operands, result: result, activation: activation)
        return [Tensor(result.shape, elements(image: image, filters: filters, output: result.shape, real.element))]
    }

    /// The output elements; products run over kernel rows, then kernel columns.
    private func elements<Element>(
        image: Shape, filters: Shape, output: Shape,
        _ element: (_ channel: Int, _ products: [(input: Int, weight: Int)]) -> Element
    ) -> [Element] {
        var elements: [Element] = []
        elements.reserveCapacity(output.elementCount)
        let (kernelHeight, kernelWidth, channels) = (filters[1], filters[2], filters[3])
        window.forEachPlace(image: image, output: output, kernelHeight: kernelHeight, kernelWidth: kernelWidth) {
            batch, place in
            let positions = place.positions
            for channel in 0..<channels {
                let source = channel / (channels / image[3])
                let products = positions.map { at in
                    (
                        input: ((batch * image[1] + at.row) * image[2] + at.column) * image[3] + source,
                        weight: (at.kernelRow * kernelWidth + at.kernelColumn) * channels + channel
                    )
                }
                elements.append(element(channel, products))
            }
        }
        return elements
    }
}
