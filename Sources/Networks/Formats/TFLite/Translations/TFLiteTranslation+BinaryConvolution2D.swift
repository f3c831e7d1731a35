import FixedPoint
import Tensors

extension TFLiteTranslation {
    /// LceBconv2d: sums of -1 and +1, then signs by thresholds, or a factor and a term for each channel.
    ///
    /// The engine counts the bits that differ, `count = (K - sum) / 2` for K products, and computes
    /// `2 * count * -multiplier + (bias + K * multiplier)` in float32, or the sign -1 where `count > threshold`; zeros
    /// around the image count a half each.
    static let binaryConvolution2D = TFLiteTranslation(custom: binaryConvolution2DName, dataOperands: 1) {
        site throws(FlatBufferFault) in
        let layer = try BinaryConvolutionSite(site)
        var result = Result(layer.convolution, of: site.operands(0...0))
        var place = 0
        if let padding = layer.ones {
            result.chain.insert(padding, at: 0)
            result.links[0] = Link(elementType: .int8, quantization: BinaryConvolutionSite.signs)
            place = 1
        }
        let filters = Link.Constant(
            name: "\(layer.filters.name).signs", tensor: try layer.filterSigns(),
            quantization: BinaryConvolutionSite.signs)
        if site.output.isBinary {
            let bias = Link.Constant(name: "\(layer.filters.name).bias", tensor: try layer.thresholdBias())
            result.links[place] = Link(constants: [filters, bias])
            return result
        }
        let sums = Quantization(format: layer.products < 1 << 15 ? .int16 : .int32, scale: 1)
        result.links[place] = Link(constants: [filters], elementType: sums.storage, quantization: sums)
        result.chain.append(ChannelScaling(offset: -layer.products))
        let (factors, terms) = try layer.scaling()
        result.links[place + 1] = Link(constants: [
            Link.Constant(name: "\(layer.filters.name).factors", tensor: factors),
            Link.Constant(name: "\(layer.filters.name).terms", tensor: terms),
        ])
        return result
    }
}
