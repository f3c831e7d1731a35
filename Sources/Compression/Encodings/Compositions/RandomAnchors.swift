import Diagnostics
public import Tensors

/// Every element is drawn: 0, or 1 or -1 with half the density each. The parts `seed` of 32 bits and `density`, a real.
///
/// Element after element takes one number of SplitMix64: its upper 53 bits below `density * 2^53` make it other than 0, and its
/// lowest bit is the sign.
public struct RandomAnchors: CompositionForm {
    public init() {}

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (seed, density) = (try composition.part("seed").patterns, try composition.part("density").reals)
        guard seed.count == 1, density.count == 1, density[0] > 0, density[0] <= 1 else {
            throw Diagnostic("anchors without one seed and a density of 0...1")
        }
        var generator = SplitMix64(seed: UInt64(seed[0]))
        let bound = UInt64(Double(density[0]) * 0x1p53)
        return (0..<shape.elementCount).map { _ in
            let bits = generator.next()
            return bits >> 11 >= bound ? 0 : bits & 1 == 0 ? 1 : -1
        }
    }

    /// - Parameter density: above 0, at most 1.
    static func composition(seed: UInt32, density: Float) -> WeightComposition {
        WeightComposition(
            .randomAnchors(RandomAnchors()),
            parts: [StoredPart("seed", patterns: [seed], width: 32), StoredPart("density", reals: [density])])
    }
}
