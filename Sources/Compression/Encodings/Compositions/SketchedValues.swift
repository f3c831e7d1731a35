import Diagnostics
public import Tensors

/// Every element is a sum of its channel's factors with signs: the parts `factors`, as many reals a channel as there are terms,
/// and `signs`, a bit a term for each element, set where the factor counts positive.
public struct SketchedValues: CompositionForm {
    /// The axis of the channels.
    public var axis: Int
    /// Factors of a channel.
    public var terms: Int

    public init(axis: Int, terms: Int) {
        self.axis = axis
        self.terms = terms
    }

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (factors, signs) = (try composition.part("factors").numbers, try composition.part("signs"))
        let channels = try shape.channels(along: axis)
        guard (1...32).contains(terms), signs.width == terms, factors.count == channels.count * terms else {
            throw Diagnostic("\(factors.count) factors and signs of \(signs.width) bits for \(terms) terms a channel")
        }
        return signs.patterns.enumerated().map { place, pattern in
            let first = channels.indexing.channel(of: place) * terms
            let sum = (0..<terms).reduce(0.0) { sum, term in
                let factor = Double(factors[first + term])
                return sum + (pattern >> UInt32(term) & 1 == 1 ? factor : -factor)
            }
            return Float(sum)
        }
    }

    public func numbers(of composition: WeightComposition, shape: Shape, axis: Int?) throws -> StoredNumbers? {
        guard axis == self.axis else { return StoredNumbers("factors", terms: terms) }
        let channels = try composition.part("factors").patterns.indices.map { $0 / terms }
        return StoredNumbers("factors", terms: terms, channels: channels)
    }

    /// - Parameters:
    ///   - factors: those of each channel.
    ///   - signs: the pattern of each element.
    static func composition(axis: Int, factors: [[Float]], signs: [UInt32]) -> WeightComposition {
        let terms = factors.first?.count ?? 1
        return WeightComposition(
            .sketchedValues(SketchedValues(axis: axis, terms: terms)),
            parts: [
                StoredPart("factors", reals: factors.flatMap { $0 }),
                StoredPart("signs", patterns: signs, width: terms),
            ])
    }
}
