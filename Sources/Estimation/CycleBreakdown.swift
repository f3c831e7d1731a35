/// Cycles by cause; their sum is the time.
public struct CycleBreakdown: Sendable, Hashable {
    /// Cycles of each cause at its position; a value without allocation, as a search makes millions.
    private var counts = SIMD32<Int>.zero

    /// The most cycles that a cause may hold; an estimator refuses layers that reach it.
    static let limit = 9e15

    public init() {}

    public subscript(cause: CycleCause) -> Int {
        get { counts[cause.position] }
        set { counts[cause.position] = newValue }
    }

    public var total: Int { counts.wrappedSum() }

    public subscript(group: CycleCause.Group) -> Int {
        var sum = 0
        for cause in CycleCause.ordered where cause.group == group { sum += counts[cause.position] }
        return sum
    }

    /// The cause of most cycles; the first of them when several are equal, nil when there are no cycles.
    public var bound: CycleCause? {
        let most = counts.max()
        guard most > 0 else { return nil }
        return CycleCause.ordered.first { counts[$0.position] == most }
    }

    public static func += (left: inout CycleBreakdown, right: CycleBreakdown) {
        left.counts &+= right.counts
    }
}

extension CycleBreakdown: Codable {
    private enum CodingKeys: String, CodingKey {
        case compute, memoryStall, overhead, total, causes
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        for (name, cycles) in try container.decode([String: Int].self, forKey: .causes) {
            guard let cause = CycleCause(rawValue: name) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .causes, in: container, debugDescription: "no cause of cycles is called '\(name)'")
            }
            self[cause] = cycles
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self[.compute], forKey: .compute)
        try container.encode(self[.memoryStall], forKey: .memoryStall)
        try container.encode(self[CycleCause.Group.overhead], forKey: .overhead)
        try container.encode(total, forKey: .total)
        let causes = CycleCause.allCases.filter { self[$0] > 0 }.map { ($0.rawValue, self[$0]) }
        try container.encode(Dictionary(uniqueKeysWithValues: causes), forKey: .causes)
    }
}

extension CycleCause {
    /// All causes by their positions, made once.
    fileprivate static let ordered = allCases.sorted { $0.position < $1.position }

    /// The place of a cause in a breakdown, below 32.
    fileprivate var position: Int {
        switch self {
        case .multiplication: 0
        case .operandTransfer: 1
        case .unpacking: 2
        case .loopControl: 3
        case .gathering: 4
        case .requantization: 5
        case .fillDrain: 6
        case .loadImbalance: 7
        case .elementStream: 8
        case .weightFetch: 9
        case .activationFetch: 10
        case .memoryBandwidth: 11
        case .overhead: 12
        }
    }
}
