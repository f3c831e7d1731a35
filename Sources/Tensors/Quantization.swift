public import FixedPoint

/// How integers of a tensor stand for reals: `real = scale * (integer - zeroPoint)`.
public struct Quantization: Sendable, Hashable, Codable {
    /// Which integers may occur; also the width in which the tensor is stored on the device.
    public var format: NumberFormat
    /// One scale for the whole tensor, or one for each index along `axis`; finite and positive.
    public var scales: [Float]
    /// As many zero points as scales.
    public var zeroPoints: [Int]
    /// The axis along which scales differ, or nil for one scale.
    public var axis: Int?

    public init(format: NumberFormat, scales: [Float], zeroPoints: [Int], axis: Int?) {
        self.format = format
        self.scales = scales
        self.zeroPoints = zeroPoints
        self.axis = axis
    }

    /// Zero points of 0.
    public init(format: NumberFormat, scales: [Float], axis: Int?) {
        self.init(format: format, scales: scales, zeroPoints: [Int](repeating: 0, count: scales.count), axis: axis)
    }

    /// One scale and zero point for the whole tensor.
    public init(format: NumberFormat, scale: Float, zeroPoint: Int = 0) {
        self.init(format: format, scales: [scale], zeroPoints: [zeroPoint], axis: nil)
    }

    /// The scale of a tensor that has only one, the first one otherwise.
    public var scale: Float { scales[0] }

    /// The zero point of a tensor that has only one, the first one otherwise.
    public var zeroPoint: Int { zeroPoints[0] }

    /// The narrowest stored element type that holds the format.
    public var storage: ElementType {
        switch (format.encoding, format.bits) {
        case (.unsigned, ...8): .uint8
        case (.unsigned, ...15): .int16
        case (.unsigned, ...31): .int32
        case (.unsigned, _): .int64
        case (_, ...8): .int8
        case (_, ...16): .int16
        case (_, _): .int32
        }
    }
}
