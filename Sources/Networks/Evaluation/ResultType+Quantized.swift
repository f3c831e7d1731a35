import FixedPoint
import Tensors

extension ResultType {
    /// Reals on the grid of the result: the float32 quotient by the scale of their channel, rounded, then the zero point.
    func quantized(_ reals: [Float], rounding: Rounding) throws -> Tensor {
        let quantization = try requiredQuantization()
        let channels = quantization.channels
        let grids = channels.map { OutputGrid($0) }
        let inner = quantization.axis.map { shape.extents[($0 + 1)...].reduce(1, *) } ?? 1
        let elements = reals.enumerated().map { place, real in
            let channel = channels.count == 1 ? 0 : place / inner % channels.count
            let steps = Double(real / channels[channel].scale)
            return grids[channel].element(rounding.round(steps, into: -(1 << 40)...(1 << 40)))
        }
        return try Tensor.result(elements, as: self)
    }
}

extension Quantization {
    /// The quantization of each channel by itself; one for a tensor that has only one.
    fileprivate var channels: [Quantization] {
        scales.indices.map { Quantization(format: format, scale: scales[$0], zeroPoint: zeroPoints[$0]) }
    }
}
