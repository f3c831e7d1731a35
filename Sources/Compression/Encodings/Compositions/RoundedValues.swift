import Diagnostics
import FixedPoint
public import Tensors

/// Integers that are computed as another rule computes reals, then rounded: its parts, and `scales`, a real for each channel or one.
///
/// `element = round(real / scale)`, half away from zero, kept within the symmetric integers of `bits`.
public struct RoundedValues: CompositionForm {
    /// The rule of the reals; none that rounds itself.
    public var rule: CompositionRule
    /// The axis along which scales differ, or nil for one scale.
    public var axis: Int?
    /// Width of an element, 2...16.
    public var bits: Int

    static let widths = 2...16

    public init(_ rule: CompositionRule, axis: Int?, bits: Int) {
        (self.rule, self.axis, self.bits) = (rule, axis, bits)
    }

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        if case .roundedValues = rule { throw Diagnostic("rounded elements that are rounded again") }
        let (scales, channels) = (try composition.part("scales").reals, try shape.channels(along: axis))
        guard Self.widths.contains(bits), scales.count == channels.count, scales.allSatisfy({ $0 > 0 && $0.isFinite })
        else { throw Diagnostic("\(scales.count) scales for \(channels.count) channels of \(bits) bits") }
        let limit = Double(NumberFormat(bits: bits, encoding: .symmetric).maximum)
        let reals = try rule.form.elements(of: composition, shape: shape)
        return try reals.enumerated().map { place, real in
            let steps = (Double(real) / Double(scales[channels.indexing.channel(of: place)])).rounded()
            guard !steps.isNaN else { throw Diagnostic("element \(place) is no number") }
            return Float(min(max(steps, -limit), limit))
        }
    }
}
