import Diagnostics
public import Tensors
public import Workloads

/// The mean of the elements of each window that lie in the image, channel by channel.
public struct AveragePool2D: Operator {
    public static let name = "averagePool2D"

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

extension AveragePool2D {
    /// On one grid the integers themselves are averaged, halves away from zero; between grids the sum is requantized.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (image, result) = (operands[0].shape, results[0])
        let pooling = try Pooling(operands[0], result: result, activation: activation, arithmetic: arithmetic)
        var integers: [Int] = []
        var reals: [Float] = []
        window.forEachPlace(image: image, output: result.shape, kernelHeight: kernelHeight, kernelWidth: kernelWidth) {
            batch, place in
            for channel in 0..<image[3] {
                let places = place.positions.map {
                    ((batch * image[1] + $0.row) * image[2] + $0.column) * image[3] + channel
                }
                switch pooling {
                case .integer(let pooling): integers.append(pooling.average(places))
                case .real(let pooling): reals.append(pooling.average(places))
                }
            }
        }
        switch pooling {
        case .integer: return [try Tensor.result(integers, as: result)]
        case .real: return [Tensor(result.shape, reals)]
        }
    }
}
