import FixedPoint
public import Tensors

/// The elements of a constant as bit patterns of a fixed width, zero standing for the real number 0.
public struct WeightSymbols: Sendable, Hashable {
    public var patterns: [UInt32]
    /// Bits of a pattern, 1 to 32.
    public var width: Int
    /// `true` when a pattern is a sign: 1 for +1, 0 for -1; no pattern then stands for 0.
    public var isBipolar: Bool

    /// Patterns in two's complement or of reals.
    init(patterns: [UInt32], width: Int) {
        (self.patterns, self.width, isBipolar) = (patterns, width, false)
    }

    /// The patterns of a constant, or nil for one of 64-bit elements.
    ///
    /// - Parameter grid: for float elements that lie on a grid already.
    public init?(_ tensor: Tensor, quantization: Quantization?, grid: Quantization? = nil) {
        let format = (quantization ?? grid)?.format
        isBipolar = format?.encoding == .bipolar
        switch tensor.elements {
        case .float32(let values) where isBipolar:
            patterns = values.map { $0 < 0 ? 0 : 1 }
            width = 1
        case .float32(let values):
            patterns = values.map(\.bitPattern)
            width = 32
        case .int64:
            return nil
        case .int8, .uint8, .int16, .int32:
            width = format?.bits ?? tensor.elementType.byteCount * 8
            patterns = WeightSymbols.patterns(of: tensor, quantization, width)
            if isBipolar { patterns = patterns.map { $0 == 1 ? 1 : 0 } }
        }
    }

    /// Whether a pattern stands for the real number 0.
    public func isZero(_ pattern: UInt32) -> Bool {
        !isBipolar && pattern == 0
    }

    /// Patterns that do not stand for 0.
    public var nonzeroCount: Int {
        isBipolar ? patterns.count : patterns.reduce(0) { $1 == 0 ? $0 : $0 + 1 }
    }

    /// Shannon entropy of a pattern as an independent symbol, in bits; nil for patterns wider than 16 bits.
    public var entropyBits: Double? {
        guard width <= 16, !patterns.isEmpty else { return nil }
        var counts = [Int](repeating: 0, count: 1 << width)
        for pattern in patterns { counts[Int(pattern)] += 1 }
        return counts.entropyBits
    }

    /// Distances from the zero point, in two's complement of `width` bits.
    private static func patterns(of tensor: Tensor, _ quantization: Quantization?, _ width: Int) -> [UInt32] {
        let mask = UInt32.max >> UInt32(32 - width)
        if let quantization, quantization.zeroPoints.contains(where: { $0 != 0 }) {
            let channels = ChannelIndexing(tensor.shape, axis: quantization.axis)
            return (tensor.integers ?? []).enumerated().map { place, integer in
                UInt32(truncatingIfNeeded: integer - quantization.zeroPoints[channels.channel(of: place)]) & mask
            }
        }
        func masked(_ integers: [some FixedWidthInteger]) -> [UInt32] {
            integers.map { UInt32(truncatingIfNeeded: $0) & mask }
        }
        return switch tensor.elements {
        case .float32: []
        case .int8(let integers): masked(integers)
        case .uint8(let integers): masked(integers)
        case .int16(let integers): masked(integers)
        case .int32(let integers): masked(integers)
        case .int64(let integers): masked(integers)
        }
    }
}
