import Hardware
import Quantities
import Workloads

/// The cheapest mapping of a layer onto a hierarchy of memories: fewest steps by unrolling, then least energy by tiling.
///
/// The declared space: on each axis one of its loops, unrolled as far as the axis reaches or as little as takes the same
/// steps; over time every order of the prime factors of what is left, and for every operand every tile for each memory.
/// Two orders that hold the same tiles cost the same, so the search walks chains of tiles instead: a dynamic program over
/// all tiles bounds every branch, and a depth-first search accounts for shared memories. It ends with the optimum, or at
/// its limit of branches with the best found and the bound.
public struct LoopSearch: Sendable {
    public let problem: LoopProblem

    public init(_ problem: LoopProblem) {
        self.problem = problem
    }

    /// The best mapping; nil when not even single elements fit the innermost memories.
    public func run() -> LoopMapping? {
        var best: LoopMapping?
        for unrolled in unrollings() {
            guard let mapping = tile(unrolled, below: best?.proof.cost ?? .infinity) else { continue }
            let bound = min(best?.proof.lowerBound ?? .infinity, mapping.proof.lowerBound)
            let represented = (best?.proof.represented ?? 0) + mapping.proof.represented
            if best == nil || mapping.proof.cost < best?.proof.cost ?? .infinity, !mapping.cuts.isEmpty {
                best = mapping
            }
            best?.proof.lowerBound = bound
            best?.proof.represented = represented
        }
        return best
    }

    /// The unrollings that need fewest steps over time.
    public func unrollings() -> [[LoopMapping.Unrolling?]] {
        var found: [[LoopMapping.Unrolling?]] = []
        var fewest = Int.max
        func extend(_ chosen: [LoopMapping.Unrolling?], _ left: LoopExtents) {
            guard chosen.count < problem.array.axes.count else {
                let steps = left.reduce(1, *)
                if steps < fewest { (fewest, found) = (steps, []) }
                if steps == fewest, !found.contains(chosen) { found.append(chosen) }
                return
            }
            let axis = problem.array.axes[chosen.count]
            var isUsed = false
            for dimension in LoopDimension.allCases where axis.unrolls.contains(dimension) {
                let whole = left[dimension.position]
                guard whole > 1, axis.size > 1 else { continue }
                let steps = ceiling(whole, axis.size)
                var left = left
                left[dimension.position] = steps
                isUsed = true
                extend(chosen + [.init(dimension: dimension, extent: ceiling(whole, steps))], left)
            }
            if !isUsed { extend(chosen + [nil], left) }
        }
        extend([], problem.extents)
        return found
    }

    /// The best tiling of one unrolling. Without a mapping cheaper than `below` its cuts are empty and only the bound holds.
    private func tile(_ unrolled: [LoopMapping.Unrolling?], below: Double) -> LoopMapping? {
        let geometry = LoopGeometry(problem, unrolled)
        let lattice = TileLattice(geometry.steps)
        let table = TileTable(lattice, geometry, sharing: false)
        let bound = ChainBound(table)
        let fixed = geometry.cellEnergy
        let lowest = bound.value(0, (0, 0, 0))
        guard lowest < .infinity else { return nil }
        var search = ChainSearch(table, bound, geometry, incumbent: below - fixed)
        if !search.isComplete {
            let split = TileTable(lattice, geometry, sharing: true)
            let first = ChainSearch(split, ChainBound(split), geometry, nodes: 2_000)
            if first.cost < search.cost {
                let again = ChainSearch(table, bound, geometry, incumbent: first.cost * (1 + 1e-9))
                search = again.best.isEmpty ? first : again
            }
        }
        let floor = search.isComplete ? min(search.cost, below - fixed) : lowest
        let cuts = search.best.map { step in
            LoopMapping.Cut(
                operand: LoopOperand.allCases[step.operand], position: step.cut, inside: lattice.inside(step.point))
        }
        return LoopMapping(
            unrolled: unrolled, cuts: cuts, steps: geometry.steps,
            proof: MappingProof(
                represented: Self.represented(geometry), lowerBound: floor + fixed,
                cost: cuts.isEmpty ? .infinity : search.cost + fixed))
    }

    /// Orders of the prime factors over time, times the places of every operand's cuts among them.
    static func represented(_ geometry: LoopGeometry) -> Double {
        var count = 0
        var orders = 1.0
        for steps in geometry.steps {
            var left = steps
            var prime = 2
            while left > 1 {
                if prime * prime > left { prime = left }
                var times = 0
                while left % prime == 0 {
                    left /= prime
                    times += 1
                    count += 1
                    orders *= Double(count) / Double(times)
                }
                prime += 1
            }
        }
        for path in geometry.paths {
            for cut in 1...max(1, path.cuts) where path.cuts > 0 { orders *= Double(count + cut) / Double(cut) }
        }
        return orders
    }
}
