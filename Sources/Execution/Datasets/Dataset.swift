import Diagnostics
public import Tensors

/// Labelled or unlabelled cases for one network, each converted when it is asked for.
public protocol Dataset: Sendable {
    /// How many cases there are.
    var count: Int { get }

    /// The network's inputs for one case, in the order of `Network.inputs`.
    ///
    /// - Precondition: `index` is in `0..<count`.
    /// - Throws: `Diagnostics` when the case holds numbers that the network cannot take.
    func `case`(at index: Int) throws -> [Tensor]

    /// Neighbouring cases together.
    ///
    /// - Precondition: `range` is not empty and lies in `0..<count`.
    /// - Throws: as `case(at:)`, for the first such case.
    func batch(_ range: Range<Int>) throws -> CaseBatch
}

extension Dataset {
    public func batch(_ range: Range<Int>) throws -> CaseBatch {
        try CaseBatch.joined(range.map(`case`))
    }
}

/// A choice of the cases of a data set, with their labels where they are known.
public struct LabelledCases: Dataset {
    private let source: any Dataset
    /// The places in the source of the chosen cases, in order.
    public let places: [Int]
    /// The class of each chosen case; nil when the labels are not known.
    public let labels: [Int]?

    /// All cases of a data set.
    ///
    /// - Precondition: there are as many labels as cases.
    public init(_ source: any Dataset, labels: [Int]? = nil) {
        precondition(labels.map { $0.count == source.count } ?? true, "a label for each case")
        self.init(source: source, places: Array(0..<source.count), labels: labels)
    }

    private init(source: any Dataset, places: [Int], labels: [Int]?) {
        self.source = source
        self.places = places
        self.labels = labels
    }

    public var count: Int { places.count }

    public func `case`(at index: Int) throws -> [Tensor] {
        try source.case(at: places[index])
    }

    public func batch(_ range: Range<Int>) throws -> CaseBatch {
        guard let first = range.first.map({ places[$0] }),
            range.allSatisfy({ places[$0] == first + $0 - range.lowerBound })
        else { return try CaseBatch.joined(range.map(`case`)) }
        return try source.batch(first..<first + range.count)
    }

    /// The cases at `chosen`, in that order.
    ///
    /// - Precondition: every index is in `0..<count`.
    public func subset(_ chosen: [Int]) -> LabelledCases {
        LabelledCases(
            source: source, places: chosen.map { places[$0] }, labels: labels.map { all in chosen.map { all[$0] } })
    }

    /// The first `limit` cases, or all if there are fewer.
    public func first(_ limit: Int) -> LabelledCases {
        subset(Array(0..<min(max(limit, 0), count)))
    }

    /// A seeded choice of `calibration` cases, and all the others for evaluation; both in the order of the file.
    public func split(calibration: Int, seed: UInt64) -> (calibration: LabelledCases, evaluation: LabelledCases) {
        var order = Array(0..<count)
        var generator = SplitMix64(seed: seed)
        let chosen = min(max(calibration, 0), count)
        for place in 0..<chosen { order.swapAt(place, place + generator.below(count - place)) }
        return (subset(order[..<chosen].sorted()), subset(order[chosen...].sorted()))
    }
}

extension CaseBatch {
    /// - Throws: `Diagnostic` for cases that differ in shape or type.
    static func joined(_ cases: [[Tensor]]) throws -> CaseBatch {
        guard let batch = CaseBatch(joining: cases) else {
            throw Diagnostic("the cases of a data set differ in shape or type")
        }
        return batch
    }
}
