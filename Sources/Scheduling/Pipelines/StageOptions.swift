import Hardware

/// The foldings of one layer from which a search chooses, fastest first.
struct StageOptions: Sendable {
    /// By interval; of one interval those with lines of pixels first, then by share of the chip.
    let stages: [PipelineStage]
    /// Share of the chip of each stage, in billionths.
    let shares: [Int]
    /// For each count, what the stages of the first so many take at least, and the index of least share among those
    /// with lines of pixels.
    private let leastOf: [LogicResources]
    private let cheapestOf: [Int]

    /// All divisors of rows and lanes, or a given folding, as far as the chip has room for the stage alone.
    init(_ shape: StageShape, given: Folding?, chip: LogicResources) {
        var stages: [PipelineStage] = []
        if shape.kind == .host {
            stages = [.host]
        } else if let given {
            stages = Self.forms(shape, given.elements, given.lanes)
        } else {
            let lanes = shape.kind == .product ? Self.lanes(of: shape) : [1]
            for elements in divisors(of: shape.rows) {
                for lane in lanes { stages += Self.forms(shape, elements, lane) }
            }
        }
        let possible = stages.filter { (LogicResources.shell(on: chip) + $0.resources).fits(chip) }
        if !possible.isEmpty { stages = possible }
        let keyed = stages.map { (stage: $0, share: $0.resources.share(of: chip)) }
            .sorted { $0.stage.precedence($0.share) < $1.stage.precedence($1.share) }
        self.init(sorted: keyed)
    }

    private init(sorted keyed: [(stage: PipelineStage, share: Int)]) {
        stages = keyed.map(\.stage)
        shares = keyed.map(\.share)
        var least: [LogicResources] = []
        var cheapest: [Int] = []
        for index in keyed.indices {
            let resources = keyed[index].stage.resources
            least.append(least.last.map { $0.least(resources) } ?? resources)
            let before = cheapest.last ?? index
            let isBetter = keyed[index].share < keyed[before].share && keyed[index].stage.lineStore == .pixels
            cheapest.append(isBetter ? index : before)
        }
        leastOf = least
        cheapestOf = cheapest
    }

    /// The number of stages of at most this interval.
    func count(within interval: Int) -> Int {
        var (low, high) = (0, stages.count)
        while low < high {
            let middle = (low + high) / 2
            if stages[middle].interval <= interval { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The least of each resource among the first `count` stages, not all of one stage.
    func least(ofFirst count: Int) -> LogicResources { leastOf[count - 1] }

    /// The stage of least share among the first `count` with lines of pixels.
    func cheapest(ofFirst count: Int) -> Int { cheapestOf[count - 1] }

    /// The stage of least weighted resources among the first `count`.
    func lightest(ofFirst count: Int, _ weigh: (LogicResources) -> Int) -> Int {
        var (best, least) = (0, Int.max)
        for index in 0..<count {
            let weight = weigh(stages[index].resources)
            if weight < least { (best, least) = (index, weight) }
        }
        return best
    }

    /// Indices of stages, among the first `count`, than which no other takes less of everything.
    func undominated(ofFirst count: Int) -> [Int] {
        var kept: [Int] = []
        for index in (0..<count).sorted(by: { (shares[$0], $0) < (shares[$1], $1) })
        where !kept.contains(where: { stages[$0].resources.isWithin(stages[index].resources) }) {
            kept.append(index)
        }
        return kept
    }

    /// The stage of shortest interval that fits beside the transfer of frames, and of least share among those; the one
    /// of least resources when none fits.
    static func fastest(_ shape: StageShape, chip: LogicResources) -> PipelineStage {
        guard shape.kind != .host else { return .host }
        let lanes = shape.kind == .product ? lanes(of: shape) : [1]
        var best: PipelineStage?
        var bestShare = Int.max
        for elements in divisors(of: shape.rows).reversed() {
            for lane in lanes.reversed() {
                let interval = shape.interval(elements: elements, lanes: lane)
                guard interval <= best?.interval ?? .max else { continue }
                for stage in forms(shape, elements, lane)
                where (LogicResources.shell(on: chip) + stage.resources).fits(chip) {
                    let share = stage.resources.share(of: chip)
                    if interval < best?.interval ?? .max || share < bestShare { (best, bestShare) = (stage, share) }
                }
            }
        }
        return best ?? PipelineStage(shape, elements: 1, lanes: 1, lineStore: .lanes)
    }

    private static func lanes(of shape: StageShape) -> [Int] {
        var lanes = divisors(of: shape.lanes)
        if shape.columns > shape.lanes { lanes.append(shape.columns) }
        return lanes
    }

    /// Multipliers for nothing, for rescaling, and for products of 3 bits and more on both sides; lines in any store.
    private static func forms(_ shape: StageShape, _ elements: Int, _ lanes: Int) -> [PipelineStage] {
        var uses = [PipelineStage.MultiplierUse.nothing]
        if shape.rescales { uses.append(.requantization) }
        if shape.kind == .product, min(shape.weightBits, shape.inputBits) >= 3 { uses.append(.products) }
        return uses.flatMap { use in
            (shape.hasLines ? PipelineStage.LineStore.allCases : [.pixels]).map { store in
                PipelineStage(
                    shape, elements: elements, lanes: lanes, multiplierUse: use, lineStore: store)
            }
        }
    }
}

extension PipelineStage {
    /// The order of stages in a list of options.
    fileprivate func precedence(_ share: Int) -> (Int, Int, Int, Int) {
        (interval, lineStore == .pixels ? 0 : 1, share, elements)
    }
}

/// All divisors of a number, ascending.
private func divisors(of number: Int) -> [Int] {
    var (low, high) = ([Int](), [Int]())
    var candidate = 1
    while candidate * candidate <= number {
        if number % candidate == 0 {
            low.append(candidate)
            if candidate * candidate != number { high.append(number / candidate) }
        }
        candidate += 1
    }
    return low + high.reversed()
}
