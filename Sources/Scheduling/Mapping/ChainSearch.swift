import Hardware
import Quantities

/// Depth first along chains of tiles, nearest to the bound first, with the room of shared memories counted.
struct ChainSearch {
    /// A cut made at a tile.
    struct Step {
        var operand: Int
        var cut: Int
        var point: Int
    }

    private let table: TileTable
    private let bound: ChainBound
    private let paths: [OperandPath]
    /// Bits left in each level.
    private var room: [Int]
    private var chain: [Step] = []
    private(set) var best: [Step] = []
    private(set) var cost: Double
    private var nodesLeft: Int
    /// `true` when every branch was searched or shown to be no cheaper.
    var isComplete: Bool { nodesLeft > 0 }

    /// - Parameter incumbent: A cost to beat.
    init(
        _ table: TileTable, _ bound: ChainBound, _ geometry: LoopGeometry, incumbent: Double = .infinity,
        nodes: Int = 20_000
    ) {
        self.table = table
        self.bound = bound
        paths = geometry.paths
        room = geometry.problem.array.levels.map {
            $0.doubleBuffered ? $0.size.count * 4 : $0.size.count * 8
        }
        cost = incumbent
        nodesLeft = nodes
        visit(0, (0, 0, 0), 0, fromLoop: 0, fromOperand: 0)
    }

    /// Searches from a tile. Loops grow in their order between two cuts, and operands are cut in theirs at one tile, so
    /// that no chain is met twice.
    private mutating func visit(
        _ point: Int, _ made: (Int, Int, Int), _ spent: Double, fromLoop: Int, fromOperand: Int
    ) {
        if made == (table.cuts[0], table.cuts[1], table.cuts[2]) {
            if spent < cost {
                cost = spent
                best = chain
            }
            return
        }
        guard nodesLeft > 0 else { return }
        nodesLeft -= 1
        for move in moves(point, made, spent, fromLoop: fromLoop, fromOperand: fromOperand) {
            guard move.bound < cost * (1 - 1e-12) else { break }
            if move.operand < 0 {
                visit(point + move.distance, made, spent, fromLoop: move.loop, fromOperand: 0)
            } else {
                make(move.operand, at: point, made, spent)
            }
        }
    }

    private struct Move {
        var bound: Double
        /// Operand to cut; -1 to let a loop grow.
        var operand: Int
        var loop: Int
        var distance: Int
    }

    private func moves(
        _ point: Int, _ made: (Int, Int, Int), _ spent: Double, fromLoop: Int, fromOperand: Int
    ) -> [Move] {
        var moves: [Move] = []
        for operand in fromOperand..<3 {
            let cut = Self.count(made, operand)
            guard cut < table.cuts[operand], fits(operand, cut, point) else { continue }
            let price = table.cost(point, operand, cut)
            guard price < .infinity else { continue }
            let bound = spent + price + bound.value(point, Self.advanced(made, operand))
            moves.append(Move(bound: bound, operand: operand, loop: 0, distance: 0))
        }
        for loop in fromLoop..<8 {
            for distance in table.lattice.covers[loop][table.lattice.position(point, loop)] {
                let bound = spent + bound.value(point + distance, made)
                if bound < cost { moves.append(Move(bound: bound, operand: -1, loop: loop, distance: distance)) }
            }
        }
        return moves.sorted { ($0.bound, -$0.operand, $0.distance) < ($1.bound, -$1.operand, $1.distance) }
    }

    private func fits(_ operand: Int, _ cut: Int, _ point: Int) -> Bool {
        let level = paths[operand].places[cut].level
        return level < 0 || table.size(point, operand, cut) <= room[level]
    }

    private mutating func make(_ operand: Int, at point: Int, _ made: (Int, Int, Int), _ spent: Double) {
        let cut = Self.count(made, operand)
        let level = paths[operand].places[cut].level
        let size = table.size(point, operand, cut)
        if level >= 0 { room[level] -= size }
        chain.append(Step(operand: operand, cut: cut, point: point))
        visit(
            point, Self.advanced(made, operand), spent + table.cost(point, operand, cut), fromLoop: 0,
            fromOperand: operand)
        chain.removeLast()
        if level >= 0 { room[level] += size }
    }

    private static func count(_ made: (Int, Int, Int), _ operand: Int) -> Int {
        operand == 0 ? made.0 : operand == 1 ? made.1 : made.2
    }

    private static func advanced(_ made: (Int, Int, Int), _ operand: Int) -> (Int, Int, Int) {
        var made = made
        switch operand {
        case 0: made.0 += 1
        case 1: made.1 += 1
        default: made.2 += 1
        }
        return made
    }
}
