import FixedPoint
import Tensors

extension ResultType {
    /// Reals on the grid of the result: by `rule` in steps of the scale of their channel, then the zero point; on a
    /// bipolar grid their signs, whatever the scale.
    func quantized(_ reals: [Float], by rule: QuantizationRule) throws -> Tensor {
        let quantization = try requiredQuantization()
        if quantization.format.encoding == .bipolar {
            return try Tensor.result(reals.map { $0 < 0 ? -1 : 1 }, as: self)
        }
        let channels = quantization.channels
        let grids = channels.map { OutputGrid($0) }
        let inner = quantization.axis.map { shape.extents[($0 + 1)...].reduce(1, *) } ?? 1
        let channel = { place in channels.count == 1 ? 0 : place / inner % channels.count }
        let steps = rule.steps(of: reals, bits: quantization.format.bits) { channels[channel($0)].scale }
        return try Tensor.result(steps.indices.map { grids[channel($0)].element(steps[$0]) }, as: self)
    }
}

extension QuantizationRule {
    /// Reals in whole steps of the scale of their place, to be stored in `bits` bits.
    fileprivate func steps(of reals: [Float], bits: Int, scale: (_ place: Int) -> Float) -> [Int] {
        func whole(_ steps: Float, _ rounding: Rounding) -> Int {
            rounding.round(Double(steps), into: -(1 << 40)...(1 << 40))
        }
        func product(_ place: Int) -> Int { whole(reals[place] * (1 / scale(place)), .halfToEven) }
        func quotient(_ place: Int, _ rounding: Rounding) -> Int { whole(reals[place] / scale(place), rounding) }
        switch self {
        case .quotient(let rounding): return reals.indices.map { quotient($0, rounding) }
        case .productToEven where bits <= 8: return reals.indices.map(product)
        case .productToEven, .eightLanes:
            let inLanes = reals.count / 8 * 8
            return reals.indices.map { $0 < inLanes ? product($0) : quotient($0, .halfAwayFromZero) }
        }
    }
}

extension Quantization {
    /// The quantization of each channel by itself; one for a tensor that has only one.
    fileprivate var channels: [Quantization] {
        scales.indices.map { Quantization(format: format, scale: scales[$0], zeroPoint: zeroPoints[$0]) }
    }
}
