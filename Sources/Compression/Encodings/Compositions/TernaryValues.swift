import Diagnostics
public import Tensors

/// Every element is a positive level, 0 or minus a negative level: the parts `levels`, two reals a channel or two for all,
/// and `signs` of two bits an element: 0, 1 for the positive level, 3 for the negative one.
public struct TernaryValues: CompositionForm {
    /// The axis along which levels differ, or nil for two levels in all.
    public var axis: Int?

    public init(axis: Int?) {
        self.axis = axis
    }

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (levels, signs) = (try composition.part("levels").numbers, try composition.part("signs").patterns)
        let channels = try shape.channels(along: axis)
        guard levels.count == 2 * channels.count else {
            throw Diagnostic("\(levels.count) levels for \(channels.count) channels")
        }
        return try signs.enumerated().map { place, sign in
            let channel = channels.indexing.channel(of: place)
            switch sign {
            case 0: return 0
            case 1: return levels[2 * channel]
            case 3: return -levels[2 * channel + 1]
            case _: throw Diagnostic("a sign of pattern \(sign)")
            }
        }
    }

    public func numbers(of composition: WeightComposition, shape: Shape, axis: Int?) throws -> StoredNumbers? {
        guard self.axis != nil, axis == self.axis else { return StoredNumbers("levels") }
        return StoredNumbers("levels", channels: try composition.part("levels").patterns.indices.map { $0 / 2 })
    }

    /// - Parameters:
    ///   - levels: for each channel the positive level and the magnitude of the negative one.
    ///   - signs: 1, 0 or -1 for each element.
    static func composition(axis: Int?, levels: [(positive: Float, negative: Float)], signs: [Int]) -> WeightComposition
    {
        WeightComposition(
            .ternaryValues(TernaryValues(axis: axis)),
            parts: [
                StoredPart("levels", reals: levels.flatMap { [$0.positive, $0.negative] }),
                StoredPart("signs", patterns: signs.map { UInt32(truncatingIfNeeded: $0) & 3 }, width: 2),
            ])
    }
}

extension Shape {
    /// The channels along an axis that a file names; one channel without an axis.
    ///
    /// - Throws: `Diagnostic` when there is no such axis.
    func channels(along axis: Int?) throws -> (count: Int, indexing: ChannelIndexing) {
        guard axis.map({ (0..<rank).contains($0) }) ?? true else {
            throw Diagnostic("channels along axis \(axis ?? 0) of \(self)")
        }
        return (axis.map { self[$0] } ?? 1, ChannelIndexing(self, axis: axis))
    }
}
