import Hardware
import Quantities
import Workloads

/// Bits that each memory of a hierarchy delivers and takes in under a mapping, and the cycles that follow.
public struct LoopAccesses: Sendable, Hashable {
    /// Traffic of one level; the last is the memory behind.
    public struct Level: Sendable, Hashable {
        public var readBits = 0
        public var writtenBits = 0
        /// Instances that share the traffic equally.
        public var instances = 1
    }

    public var levels: [Level]
    /// Cycles of products.
    public var computeCycles: Int
    /// Bits of the first tiles that the memory behind must deliver before the cells start, and of the last outputs.
    public var edgeBits: Int

    /// Counts a mapping's traffic from its tiles.
    public init(_ mapping: LoopMapping, of problem: LoopProblem) {
        let geometry = LoopGeometry(problem, mapping.unrolled)
        levels = [Level](repeating: Level(), count: problem.array.levels.count + 1)
        computeCycles = geometry.total
        edgeBits = 0
        for path in geometry.paths {
            for place in path.places where place.level >= 0 { levels[place.level].instances = place.instances }
        }
        for cut in mapping.cuts {
            let operand = LoopOperand.allCases.firstIndex(of: cut.operand) ?? 0
            let path = geometry.paths[operand]
            let transfers = cut.inside.withUnsafeBufferPointer { inside in
                inside.baseAddress.map { geometry.transfers(path, cut.position, inside: $0) } ?? LoopTransfers()
            }
            let (lower, upper) = (path.places[cut.position].level, path.places[cut.position + 1].level)
            if lower >= 0 {
                levels[lower].readBits += transfers.lowerReads
                levels[lower].writtenBits += transfers.lowerWrites
            }
            levels[upper].readBits += transfers.upperReads
            levels[upper].writtenBits += transfers.upperWrites
            if upper == problem.array.levels.count { edgeBits += transfers.tileBits }
        }
        let sums = geometry.cellSums
        if let first = geometry.paths[2].places.first {
            levels[first.level].readBits += sums.reads
            levels[first.level].writtenBits += sums.writes
        }
    }

    /// Femtojoules of all memories.
    public func energy(on problem: LoopProblem) -> Double {
        zip(levels.indices, levels).reduce(0) { sum, pair in
            let (index, level) = pair
            let isBehind = index == problem.array.levels.count
            let read =
                isBehind
                ? problem.memoryReadEnergy : Double(problem.array.levels[index].readEnergyPerBit.attojoules) / 1000
            let write =
                isBehind
                ? problem.memoryWriteEnergy : Double(problem.array.levels[index].writeEnergyPerBit.attojoules) / 1000
            return sum + Double(level.readBits) * read + Double(level.writtenBits) * write
        }
    }
}
