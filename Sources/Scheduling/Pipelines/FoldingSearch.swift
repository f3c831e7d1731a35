/// The folding of least initiation interval that the chip has room for, and of little share of the chip among those.
///
/// Exact: the interval is bisected over all intervals that a stage can have, since a longer one allows all foldings of
/// a shorter one. At one interval the layers only share the chip's resources: if the cheapest choice of each layer
/// with lines of pixels fits, it is taken; if under some prices of the resources the cheapest choices cost more than the
/// whole chip, nothing fits; otherwise sets of choices are merged layer by layer, without those that another equals or
/// betters in everything.
struct FoldingSearch: Sendable {
    /// Choices of a whole network.
    struct Outcome: Sendable {
        var stages: [PipelineStage]
        var resources: LogicResources
        var fits: Bool
        /// `false` when sets of choices grew beyond `limit`, so that a better one may exist.
        var isProved: Bool
    }

    let options: [StageOptions]
    let chip: LogicResources
    let base: LogicResources
    /// Cycles of a frame that no folding can shorten.
    let floor: Int
    /// Sets of choices kept at once.
    var limit = 1024

    func run() -> Outcome {
        let intervals = candidates()
        guard let longest = intervals.last else { return outcome([], fits: base.fits(chip), isProved: true) }
        var isProved = true
        guard var best = choice(within: longest, &isProved) else {
            return outcome(smallest(), fits: false, isProved: isProved)
        }
        var (low, high) = (0, intervals.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if let found = choice(within: intervals[middle], &isProved) {
                (best, high) = (found, middle)
            } else {
                low = middle + 1
            }
        }
        return outcome(best, fits: true, isProved: isProved)
    }

    /// Intervals that can be the slowest stage's, ascending, none below what the slowest layer and the ports allow.
    private func candidates() -> [Int] {
        let least = options.reduce(floor) { max($0, $1.stages.first?.interval ?? 0) }
        var intervals = Set<Int>()
        for option in options {
            for stage in option.stages where stage.interval > least { intervals.insert(stage.interval) }
        }
        if !options.isEmpty { intervals.insert(least) }
        return intervals.sorted()
    }

    /// A choice of at most this interval that fits; nil when none does.
    private func choice(within interval: Int, _ isProved: inout Bool) -> [Int]? {
        let counts = options.map { $0.count(within: interval) }
        guard !counts.contains(0) else { return nil }
        let cheapest = zip(options, counts).map { $0.cheapest(ofFirst: $1) }
        if total(cheapest).fits(chip) { return cheapest }
        var least = base
        for (option, count) in zip(options, counts) { least = least + option.least(ofFirst: count) }
        guard least.fits(chip) else { return nil }
        switch priced(counts) {
        case .fits(let choices): return choices
        case .impossible: return nil
        case .open(let prices): return merged(counts, prices, &isProved)
        }
    }

    private enum Answer {
        case fits([Int])
        case impossible
        /// Neither, with the prices that came nearest to the second.
        case open(Prices)
    }

    /// What one unit of each resource costs.
    private struct Prices {
        var levels = [1024, 1024, 1024]
        private var table = 0
        private var block = 0
        private var multiplier = 0

        init(_ chip: LogicResources) { scale(to: chip) }

        /// The whole chip costs each resource's level, in billionths.
        mutating func scale(to chip: LogicResources) {
            table = levels[0] * 1_000_000_000 / max(1, chip.lookupTables)
            block = levels[1] * 1_000_000_000 / max(1, chip.blockMemories)
            multiplier = levels[2] * 1_000_000_000 / max(1, chip.multipliers)
        }

        func cost(_ taken: LogicResources) -> Int {
            taken.lookupTables * table + taken.blockMemories * block + taken.multipliers * multiplier
        }
    }

    /// Prices for the resources, raised where the cheapest choices take too much, until those fit or cost more than the
    /// chip: the second proves that no choices fit.
    private func priced(_ counts: [Int]) -> Answer {
        var prices = Prices(chip)
        var nearest = (prices: prices, ratio: 0.0)
        for round in 0..<64 {
            let choices = zip(options, counts).map { $0.lightest(ofFirst: $1, prices.cost) }
            let taken = total(choices)
            if taken.fits(chip) { return .fits(choices) }
            if prices.cost(taken) > prices.cost(chip) { return .impossible }
            let ratio = Double(prices.cost(taken)) / Double(max(1, prices.cost(chip)))
            if ratio > nearest.ratio { nearest = (prices, ratio) }
            let uses = [
                Double(taken.lookupTables) / Double(max(1, chip.lookupTables)),
                Double(taken.blockMemories) / Double(max(1, chip.blockMemories)),
                Double(taken.multipliers) / Double(max(1, chip.multipliers)),
            ]
            let worst = (0..<3).max { uses[$0] < uses[$1] } ?? 0
            prices.levels[worst] += max(1, prices.levels[worst] >> (2 + round / 16))
            if prices.levels[worst] > 1 << 20 { break }
            prices.scale(to: chip)
        }
        return .open(nearest.prices)
    }

    private struct Partial {
        var resources: LogicResources
        /// Under the prices of the merge.
        var cost: Int
        /// The partial of the layer before, by index, and the stage chosen.
        var parent: Int
        var choice: Int
    }

    /// Sets of choices that may still fit, also under the prices given, layer by layer.
    private func merged(_ counts: [Int], _ prices: Prices, _ isProved: inout Bool) -> [Int]? {
        var rests = [LogicResources()]
        for (option, count) in zip(options, counts).reversed() {
            rests.append(option.least(ofFirst: count) + (rests.last ?? LogicResources()))
        }
        rests.reverse()
        var restCosts = [0]
        for (option, count) in zip(options, counts).reversed() {
            let least = option.stages[option.lightest(ofFirst: count, prices.cost)].resources
            restCosts.append(prices.cost(least) + (restCosts.last ?? 0))
        }
        restCosts.reverse()
        let budget = prices.cost(chip)
        var sets = [[Partial(resources: base, cost: prices.cost(base), parent: 0, choice: 0)]]
        for (index, option) in options.enumerated() {
            let kept = option.undominated(ofFirst: counts[index])
            var next: [Partial] = []
            for (parent, partial) in (sets.last ?? []).enumerated() {
                for choice in kept {
                    let resources = partial.resources + option.stages[choice].resources
                    let cost = prices.cost(resources)
                    guard cost + restCosts[index + 1] <= budget, (resources + rests[index + 1]).fits(chip) else {
                        continue
                    }
                    next.append(Partial(resources: resources, cost: cost, parent: parent, choice: choice))
                }
            }
            let best = undominated(next)
            if best.count > limit { isProved = false }
            sets.append(Array(best.prefix(limit)))
        }
        return path(through: sets)
    }

    /// The choices of the first set of the last layer; nil when there is none.
    private func path(through sets: [[Partial]]) -> [Int]? {
        guard sets.last?.isEmpty == false else { return nil }
        var choices: [Int] = []
        var position = 0
        for set in sets.dropFirst().reversed() {
            choices.append(set[position].choice)
            position = set[position].parent
        }
        return choices.reversed()
    }

    private func undominated(_ partials: [Partial]) -> [Partial] {
        var kept: [Partial] = []
        for partial in partials.sorted(by: { $0.cost < $1.cost })
        where !kept.contains(where: { $0.resources.isWithin(partial.resources) }) {
            kept.append(partial)
            if kept.count > limit { break }
        }
        return kept
    }

    /// Each layer's stage of least share, for a network that does not fit.
    private func smallest() -> [Int] {
        options.map { option in option.lightest(ofFirst: option.stages.count) { $0.share(of: chip) } }
    }

    private func total(_ choices: [Int]) -> LogicResources {
        zip(options, choices).reduce(base) { $0 + $1.0.stages[$1.1].resources }
    }

    private func outcome(_ choices: [Int], fits: Bool, isProved: Bool) -> Outcome {
        let stages = zip(options, choices).map { option, choice in
            var stage = option.stages[choice]
            stage.isProved = isProved
            return stage
        }
        return Outcome(stages: stages, resources: total(choices), fits: fits, isProved: isProved)
    }
}
