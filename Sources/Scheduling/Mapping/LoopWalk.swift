import Hardware
import Workloads

/// Recounts a mapping's traffic by walking its loops step by step: independent of the closed form, for small layers.
///
/// A place is filled whenever an index outside its tile changes that its operand depends on; the elements of a tile are
/// collected one by one. Sums are read back when their tile has been written before.
public struct LoopWalk {
    private let problem: LoopProblem
    private let mapping: LoopMapping
    private let loops: [(dimension: Int, extent: Int, weight: Int)]

    public init(_ mapping: LoopMapping, of problem: LoopProblem) {
        self.mapping = mapping
        self.problem = problem
        var order: [(Int, Int, Int)] = []
        var inside = [Int](repeating: 1, count: 8)
        let tiles = mapping.cuts.map(\.inside) + [mapping.steps]
        for tile in tiles.sorted(by: { $0.reduce(1, *) < $1.reduce(1, *) }) {
            for dimension in 0..<8 where tile[dimension] > inside[dimension] {
                order.append((dimension, tile[dimension] / inside[dimension], inside[dimension]))
                inside[dimension] = tile[dimension]
            }
        }
        loops = order
    }

    /// Bits read and written at each level, the memory behind last.
    public func counted() -> [LoopAccesses.Level] {
        var levels = [LoopAccesses.Level](repeating: .init(), count: problem.array.levels.count + 1)
        for cut in mapping.cuts {
            let path = OperandPath(cut.operand, problem, mapping.unrolled)
            let (lower, upper) = (path.places[cut.position], path.places[cut.position + 1])
            let (fills, tiles) = fills(of: cut)
            let width = width(of: cut, fills: fills, tiles: tiles)
            let inner = Self.words(elements(of: cut, lower.spatial) * width, of: lower) * lower.instances
            let outer = Self.words(elements(of: cut, upper.spatial) * width, of: upper) * upper.instances
            if cut.operand == .outputs {
                levels[lower.level].readBits += fills * inner
                levels[upper.level].writtenBits += fills * outer
                levels[upper.level].readBits += (fills - tiles) * outer
                levels[lower.level].writtenBits += (fills - tiles) * inner
            } else {
                levels[upper.level].readBits += fills * outer
                if lower.level >= 0 { levels[lower.level].writtenBits += fills * inner }
            }
        }
        countCells(&levels)
        return levels
    }

    /// The cells write a sum at each step, and read the one before unless the output is met for the first time.
    private func countCells(_ levels: inout [LoopAccesses.Level]) {
        guard let place = OperandPath(.outputs, problem, mapping.unrolled).places.first else { return }
        let single = LoopMapping.Cut(operand: .outputs, position: 0, inside: [Int](repeating: 1, count: 8))
        let steps = loops.reduce(1) { $0 * $1.extent }
        let bits = Self.words(elements(of: single, place.spatial) * problem.widths.sums, of: place) * place.instances
        levels[place.level].writtenBits += steps * bits
        levels[place.level].readBits += (steps - fills(of: single).tiles) * bits
    }

    /// Bits of accesses, word by word.
    private static func words(_ bits: Int, of place: OperandPath.Place) -> Int {
        stride(from: 0, to: bits, by: max(1, place.wordBits)).reduce(0) { sum, _ in sum + max(1, place.wordBits) }
    }

    private func width(of cut: LoopMapping.Cut, fills: Int, tiles: Int) -> Int {
        switch cut.operand {
        case .weights: problem.widths.weights
        case .inputs: problem.widths.inputs
        case .outputs: fills == tiles ? problem.widths.outputs : problem.widths.sums
        }
    }

    /// How often a tile is filled, and how many different tiles there are.
    private func fills(of cut: LoopMapping.Cut) -> (fills: Int, tiles: Int) {
        let outside = loops.filter { $0.weight >= cut.inside[$0.dimension] }
        var indices = [Int](repeating: 0, count: outside.count)
        var fills = 0
        var last: [Int]?
        var seen: Set<[Int]> = []
        while true {
            let now = outside.indices.filter { LoopProblem.depends(cut.operand, on: outside[$0].dimension) }.map {
                indices[$0]
            }
            if now != last {
                fills += 1
                seen.insert(now)
                last = now
            }
            guard let place = outside.indices.first(where: { indices[$0] + 1 < outside[$0].extent }) else { break }
            for inner in 0..<place { indices[inner] = 0 }
            indices[place] += 1
        }
        return (fills, seen.count)
    }

    /// Elements under a tile in one instance, each collected once.
    private func elements(of cut: LoopMapping.Cut, _ spatial: LoopExtents) -> Int {
        let extents = zip(zip(cut.inside, spatial), problem.extents).map { min($0.0 * $0.1, $1) }
        var indices = [Int](repeating: 0, count: 8)
        var found: Set<[Int]> = []
        let loops = problem.loops
        while true {
            switch cut.operand {
            case .weights: found.insert([1, 2, 3, 6, 7].map { indices[$0] })
            case .inputs:
                found.insert([
                    indices[0], indices[1], indices[3],
                    indices[4] * loops.strideHeight + indices[6] * loops.dilationHeight,
                    indices[5] * loops.strideWidth + indices[7] * loops.dilationWidth,
                ])
            case .outputs: found.insert([0, 1, 2, 4, 5].map { indices[$0] })
            }
            guard let place = indices.indices.first(where: { indices[$0] + 1 < extents[$0] }) else { break }
            for inner in 0..<place { indices[inner] = 0 }
            indices[place] += 1
        }
        return found.count
    }
}
