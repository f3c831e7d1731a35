import Diagnostics
public import Tensors
public import Workloads

/// Convolution of an image with filters of `outputs x height x width x inputs of one group`; bias optional.
public struct Convolution2D: Operator {
    public static let name = "convolution2D"

    public var window: Window
    /// Input and output channels fall into this many independent groups.
    public var groups: Int
    public var activation: Activation

    public init(window: Window = Window(), groups: Int = 1, activation: Activation = .none) {
        self.window = window
        self.groups = groups
        self.activation = activation
    }

    public var computeClass: ComputeClass { .convolution }
    public var weightOperand: Int? { 1 }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard (2...3).contains(inputs.count), inputs[0].rank == 4, inputs[1].rank == 4 else {
            throw Diagnostic("a convolution takes an image, filters of rank 4 and a bias")
        }
        let (image, filters) = (inputs[0], inputs[1])
        guard groups >= 1, image[3] % groups == 0, filters[3] == image[3] / groups, filters[0] % groups == 0 else {
            throw Diagnostic("filters of \(filters) in \(groups) groups do not suit an image of \(image)")
        }
        if inputs.count == 3, inputs[2].elementCount != filters[0] {
            throw Diagnostic("a bias of \(inputs[2]) for \(filters[0]) channels")
        }
        let (height, width) = try window.outputExtents(
            height: image[1], width: image[2], kernelHeight: filters[1], kernelWidth: filters[2])
        guard let shape = Shape(checking: [image[0], height, width, filters[0]]) else {
            throw Diagnostic("the result has too many elements")
        }
        return [shape]
    }

    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        let (image, filters) = (inputs[0], inputs[1])
        var loops = LoopNest(image: image, output: outputs[0], window: window)
        loops.groups = groups
        loops.outputChannels = filters[0] / groups
        loops.inputChannels = filters[3]
        loops.kernelHeight = filters[1]
        loops.kernelWidth = filters[2]
        return loops
    }
}

extension LoopNest {
    /// The spatial part of the loops of a windowed operator.
    package init(image: Shape, output: Shape, window: Window) {
        self.init()
        batch = image[0]
        (inputHeight, inputWidth) = (image[1], image[2])
        (outputHeight, outputWidth) = (output[1], output[2])
        (strideHeight, strideWidth) = (window.strideHeight, window.strideWidth)
        (dilationHeight, dilationWidth) = (window.dilationHeight, window.dilationWidth)
        (paddingTop, paddingLeft) = (window.padding.top, window.padding.left)
    }
}

extension Convolution2D {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (image, filters, result) = (operands[0].shape, operands[1].shape, results[0])
        let integer = try IntegerLayer(
            operands, channels: filters[0], result: result, activation: activation, arithmetic: arithmetic,
            rule: arithmetic.runtime.convolutionRule(groups: groups))
        if let integer {
            let sums = elements(image: image, filters: filters, output: result.shape, integer.sum)
            return [try Tensor.result(integer.elements(of: sums), as: result)]
        }
        let real = try RealLayer(operands, result: result, activation: activation)
        return [Tensor(result.shape, elements(image: image, filters: filters, output: result.shape, real.element))]
    }

    /// The output elements; products run over kernel rows, kernel columns, then channels of the group.
    private func elements<Element>(
        image: Shape, filters: Shape, output: Shape,
        _ element: (_ channel: Int, _ products: [(input: Int, weight: Int)]) -> Element
    ) -> [Element] {
        var elements: [Element] = []
        elements.reserveCapacity(output.elementCount)
        let (kernelHeight, kernelWidth, depth) = (filters[1], filters[2], filters[3])
        window.forEachPlace(image: image, output: output, kernelHeight: kernelHeight, kernelWidth: kernelWidth) {
            batch, place in
            let positions = place.positions
            for channel in 0..<filters[0] {
                let first = channel / (filters[0] / groups) * depth
                var products: [(input: Int, weight: Int)] = []
                products.reserveCapacity(positions.count * depth)
                for at in positions {
                    let input = ((batch * image[1] + at.row) * image[2] + at.column) * image[3] + first
                    let weight = ((channel * kernelHeight + at.kernelRow) * kernelWidth + at.kernelColumn) * depth
                    for index in 0..<depth { products.append((input + index, weight + index)) }
                }
                elements.append(element(channel, products))
            }
        }
        return elements
    }
}
