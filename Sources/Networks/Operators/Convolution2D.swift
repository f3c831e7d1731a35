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
        guard groups >= 1, filters[3] * groups == image[3], filters[0] % groups == 0 else {
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
