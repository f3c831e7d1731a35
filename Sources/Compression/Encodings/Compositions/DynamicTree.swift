import Diagnostics
public import Tensors

/// The 8-bit type of a sign, zeros that count decades, a flag and a linear fraction: as many bits for the fraction as the
/// exponent leaves.
///
/// Behind the sign, `k` zeros and the flag 1, the other `6 - k` bits count steps that divide `0.1...1` evenly, a number standing
/// for the middle of its step; the whole is times `10^-k`. The pattern without a flag is 0. Parts: the `scale` by which numbers were
/// divided, and the `codes`, one an element (Dettmers: 8-Bit Approximations for Parallelism in Deep Learning, 2016).
public struct DynamicTree: CompositionForm {
    /// The number of each pattern, all within -1...1; ascending from 0 to 127, and the same below zero from 128 on.
    public static let numbers: [Double] = {
        let positive = (0..<128).map { pattern -> Double in
            guard pattern > 0 else { return 0 }
            let bits = Int.bitWidth - 1 - pattern.leadingZeroBitCount
            let steps = Double(1 << bits)
            let fraction = Double(pattern - 1 << bits) + 0.5
            return DynamicTree.decades[6 - bits] * (0.1 + 0.9 * fraction / steps)
        }
        return positive + positive.map { -$0 }
    }()

    private static let decades = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6]

    public init() {}

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (scales, codes) = (try composition.part("scale").reals, try composition.part("codes"))
        guard scales.count == 1, codes.width == 8 else { throw Diagnostic("a dynamic tree has one scale and bytes") }
        return codes.patterns.map { DynamicTree.element($0, scale: scales[0]) }
    }

    /// The pattern whose number is nearest to `real`, a number of -1...1; the one nearer to zero of two.
    public static func pattern(nearest real: Double) -> UInt32 {
        var (low, high) = (0, 127)
        let magnitude = abs(real)
        while high - low > 1 {
            let middle = (low + high) / 2
            if numbers[middle] <= magnitude { low = middle } else { high = middle }
        }
        let place = magnitude - numbers[low] <= numbers[high] - magnitude ? low : high
        return UInt32(real < 0 && place > 0 ? place + 128 : place)
    }

    /// Elements on the tree, scaled by the largest magnitude.
    public static func composition(of elements: [Float]) -> WeightComposition {
        let largest = elements.reduce(0) { max($0, abs($1)) }
        let scale = largest > 0 ? largest : 1
        return WeightComposition(
            .dynamicTree(DynamicTree()),
            parts: [
                StoredPart("scale", reals: [scale]),
                StoredPart("codes", patterns: elements.map { pattern(nearest: Double($0) / Double(scale)) }, width: 8),
            ])
    }

    private static func element(_ pattern: UInt32, scale: Float) -> Float {
        Float(numbers[Int(pattern & 0xFF)] * Double(scale))
    }
}
