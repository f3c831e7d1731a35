import Diagnostics
import Networks
import Tensors

/// One of the layers that take the place of a decomposed one.
struct LayerStage {
    var operation: any Operator
    /// Nil for an operator without weights.
    var weights: Tensor?
    /// One element an output channel; nil for none, or on the last stage for that of the layer.
    var bias: Tensor?
    /// Whether the layer's own bias, as the last stage has it, was computed by a stage before.
    var followsBias = false
}

extension LayerStage {
    /// A pointwise convolution.
    ///
    /// - Parameter filters: `outputs x inputs of a group`.
    static func pointwise(
        _ filters: Matrix, window: Window = Window(), groups: Int = 1, activation: Activation = .none,
        bias: Tensor? = nil
    ) -> LayerStage {
        LayerStage(
            operation: Convolution2D(window: window, groups: groups, activation: activation),
            weights: Tensor([filters.rows, 1, 1, filters.columns], filters.elements.map(Float.init)), bias: bias)
    }

    /// A fully connected layer.
    ///
    /// - Parameter filters: `outputs x inputs`.
    static func fullyConnected(
        _ filters: Matrix, activation: Activation = .none, bias: Tensor? = nil
    ) -> LayerStage {
        LayerStage(
            operation: FullyConnected(activation: activation),
            weights: Tensor([filters.rows, filters.columns], filters.elements.map(Float.init)), bias: bias)
    }

    /// A depthwise convolution without bias from kernels stored channel by channel.
    static func depthwise(window: Window, height: Int, width: Int, byChannel kernels: [Float]) -> LayerStage {
        let taps = height * width
        let channels = kernels.count / taps
        return LayerStage(
            operation: DepthwiseConvolution2D(window: window),
            weights: Tensor(
                [1, height, width, channels],
                (0..<kernels.count).map { kernels[$0 % channels * taps + $0 / channels] }))
    }

    /// A last layer that computes the outputs in another order, and what brings them back into theirs.
    ///
    /// - Parameter outputs: the output that each channel of the layer is; `bias` is in the order of the outputs.
    static func ordered(
        _ operation: any Operator, weights: Tensor, bias: Tensor?, outputs: [Int]
    ) -> [LayerStage] {
        let ordered = bias.map { bias in Tensor(bias.shape, outputs.map { bias.floats[$0] }) }
        let layer = LayerStage(operation: operation, weights: weights, bias: ordered)
        guard outputs != outputs.sorted() else { return [layer] }
        var back = outputs
        for (place, output) in outputs.enumerated() { back[output] = place }
        return [layer, LayerStage(operation: ChannelSelection(channels: back), followsBias: true)]
    }
}
