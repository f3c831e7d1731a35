import FixedPoint
import Networks
import Tensors

/// A convolution, depthwise convolution or fully connected layer, seen as sums of products along lines.
struct WeightedLayer: Sendable {
    let geometry: SumGeometry
    let groups: Int
    /// Output channels of all groups.
    let channels: Int
    let isDepthwise: Bool
    let activation: Activation
    /// The rule by which the layer's runtime turns sums into outputs.
    let rule: LayerRule

    /// - Returns: nil for other operators, weights that are not constant, and padding out of proportion.
    init?(_ layer: Layer) {
        guard layer.inputs.count >= 2, layer.variables == [0], let output = layer.results.first?.shape else {
            return nil
        }
        let (image, weights) = (layer.inputs[0].shape, layer.inputs[1].shape)
        guard image.elementCount > 0, weights.elementCount > 0, output.elementCount > 0 else { return nil }
        if let operation = layer.node.operation as? Convolution2D {
            guard WeightedLayer.isModest(image, operation.window, channels: image[3]) else { return nil }
            geometry = SumGeometry(convolution: operation, image: image, filters: weights, output: output)
            (groups, channels, isDepthwise) = (operation.groups, weights[0], false)
            rule = layer.arithmetic.runtime.convolutionRule(groups: operation.groups)
            activation = operation.activation
        } else if let operation = layer.node.operation as? DepthwiseConvolution2D {
            guard WeightedLayer.isModest(image, operation.window, channels: weights[3]) else { return nil }
            geometry = SumGeometry(
                depthwise: operation, image: image, filters: weights, output: output,
                pixelElements: ChannelBlocks.count(weights[3]) * ChannelBlocks.size)
            (groups, channels, isDepthwise) = (1, weights[3], true)
            rule = layer.arithmetic.runtime.depthwiseRule
            activation = operation.activation
        } else if let operation = layer.node.operation as? FullyConnected {
            geometry = SumGeometry(rows: image.elementCount / weights[1], depth: weights[1])
            (groups, channels, isDepthwise) = (1, weights[0], false)
            rule = layer.arithmetic.runtime.fullyConnectedRule(hasBias: layer.inputs.count > 2)
            activation = operation.activation
        } else {
            return nil
        }
    }

    /// Whether an image can be kept with its padding.
    private static func isModest(_ image: Shape, _ window: Window, channels: Int) -> Bool {
        let rows = Double(image[1]) + Double(window.padding.top) + Double(window.padding.bottom)
        let columns = Double(image[2]) + Double(window.padding.left) + Double(window.padding.right)
        return Double(image[0]) * rows * columns * Double(channels + ChannelBlocks.size) < 0x1p28
    }

    var groupChannels: Int { channels / groups }

    /// Weights for the kernels, one array for each group.
    func packed<Source, Element: ExpressibleByIntegerLiteral>(
        _ weights: [Source], step: Int, _ convert: (Source) -> Element
    ) -> [[Element]] {
        if isDepthwise { return [ChannelBlocks.padded(weights, channels: channels, convert)] }
        let each = weights.count / groups
        return (0..<groups).map { group in
            ChannelBlocks.packed(
                weights[group * each..<(group + 1) * each], channels: groupChannels, segments: geometry.segments.count,
                run: geometry.runElements, step: step, convert)
        }
    }

    /// A value for each channel, split into groups, padded to whole blocks.
    func perGroup<Source, Element: ExpressibleByIntegerLiteral>(
        _ values: [Source], _ convert: (Source) -> Element
    ) -> [[Element]] {
        (0..<groups).map { group in
            let part = Array(values[group * groupChannels..<(group + 1) * groupChannels])
            return ChannelBlocks.padded(part, channels: groupChannels, convert)
        }
    }
}
