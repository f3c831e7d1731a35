import Diagnostics
public import Tensors
public import Workloads

/// The largest element of each window, channel by channel.
public struct MaxPool2D: Operator {
    public static let name = "maxPool2D"

    public var kernelHeight: Int
    public var kernelWidth: Int
    public var window: Window
    public var activation: Activation

    public init(kernelHeight: Int, kernelWidth: Int, window: Window, activation: Activation = .none) {
        self.kernelHeight = kernelHeight
        self.kernelWidth = kernelWidth
        self.window = window
        self.activation = activation
    }

    public var computeClass: ComputeClass { .pooling }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        try window.pooledShapes(of: inputs, kernelHeight: kernelHeight, kernelWidth: kernelWidth)
    }

    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        var loops = LoopNest(image: inputs[0], output: outputs[0], window: window)
        loops.groups = inputs[0][3]
        loops.kernelHeight = kernelHeight
        loops.kernelWidth = kernelWidth
        return loops
    }
}
