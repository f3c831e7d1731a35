import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Mapping search")
struct LoopSearchTests {
    /// Two axes below a store of weights, one of sums and a buffer that inputs and outputs share.
    static func array(
        weights: Int = 4, sums: Int = 8, buffer: Int = 24, rows: Int = 2, columns: Int = 2, bufferWord: Int = 1
    )
        -> LoopNestArray
    {
        func level(
            _ name: String, _ operands: Set<LoopOperand>, _ size: Int, _ serves: Set<String>, _ energy: Int,
            word: Int = 1
        )
            -> LoopNestArray.Level
        {
            LoopNestArray.Level(
                name: name, operands: operands, size: Bytes(size), word: Bits(word), doubleBuffered: false,
                serves: serves,
                readEnergyPerBit: EnergyPerBit(attojoules: energy * 1000),
                writeEnergyPerBit: EnergyPerBit(attojoules: energy * 1000), readBandwidth: nil, writeBandwidth: nil)
        }
        return LoopNestArray(
            axes: [
                .init(name: "rows", size: rows, unrolls: [.outputChannels]),
                .init(name: "columns", size: columns, unrolls: [.inputChannels]),
            ],
            levels: [
                level("weights", [.weights], weights, [], 1), level("sums", [.outputs], sums, [], 1),
                level("buffer", [.inputs, .outputs], buffer, ["rows", "columns"], 4, word: bufferWord),
            ])
    }

    static func problem(_ loops: LoopNest, _ array: LoopNestArray) -> LoopProblem {
        LoopProblem(
            loops: loops, array: array, widths: .init(weights: 8, inputs: 8, outputs: 8, sums: 16),
            memoryReadEnergy: 50, memoryWriteEnergy: 60)
    }

    static func layer(
        filters: Int = 4, channels: Int = 4, height: Int = 1, width: Int = 4, kernel: Int = 1, stride: Int = 1
    ) -> LoopNest {
        var loops = LoopNest()
        (loops.outputChannels, loops.inputChannels) = (filters, channels)
        (loops.outputHeight, loops.outputWidth, loops.kernelWidth) = (height, width, kernel)
        (loops.strideHeight, loops.strideWidth) = (stride, stride)
        (loops.inputHeight, loops.inputWidth) = (height * stride, (width - 1) * stride + kernel)
        return loops
    }

    static let layers = [
        layer(), layer(filters: 8, channels: 2, width: 2), layer(filters: 2, channels: 8, width: 6),
        layer(filters: 4, channels: 2, width: 4, kernel: 3), layer(filters: 3, channels: 6, width: 3, stride: 2),
        layer(filters: 4, channels: 4, height: 2, width: 2, kernel: 2),
    ]

    static let arrays = [
        array(), array(weights: 1, sums: 2, buffer: 12), array(weights: 16, sums: 16, buffer: 200),
        array(weights: 2, sums: 4, buffer: 9, rows: 4, columns: 1), array(sums: 2, buffer: 16, rows: 1, columns: 1),
        array(buffer: 32, bufferWord: 32),
    ]

    @Test("the search finds what trying every chain of tiles finds, and proves it")
    func bruteForce() throws {
        for array in Self.arrays {
            for loops in Self.layers {
                let problem = Self.problem(loops, array)
                let mapping = try #require(LoopSearch(problem).run())
                #expect(mapping.proof.isOptimal)
                let best = LoopSearch(problem).unrollings().map { Exhaustion(problem, $0).best }.min()
                #expect(abs(mapping.proof.cost / (best ?? 0) - 1) < 1e-9)
                #expect(abs(LoopAccesses(mapping, of: problem).energy(on: problem) / mapping.proof.cost - 1) < 1e-9)
            }
        }
    }

    @Test("walking the loops step by step counts the same bits at every level")
    func walk() throws {
        for array in Self.arrays {
            for loops in Self.layers where loops.outputChannels % 2 == 0 && loops.inputChannels % 2 == 0 {
                let problem = Self.problem(loops, array)
                let mapping = try #require(LoopSearch(problem).run())
                let closed = LoopAccesses(mapping, of: problem)
                let walked = LoopWalk(mapping, of: problem).counted()
                #expect(walked.map(\.readBits) == closed.levels.map(\.readBits))
                #expect(walked.map(\.writtenBits) == closed.levels.map(\.writtenBits))
            }
        }
    }

    /// One cell, one filter over two channels and four pixels; weights and sums of one element each.
    @Test("a layer worked out by hand")
    func byHand() throws {
        let loops = Self.layer(filters: 1, channels: 2, width: 4)
        let array = Self.array(weights: 1, sums: 8, buffer: 100, rows: 1, columns: 1)
        let problem = Self.problem(loops, array)
        let accesses = LoopAccesses(try #require(LoopSearch(problem).run()), of: problem)
        #expect(accesses.computeCycles == 8)
        // Two weights, once each: the four sums stay in their store of four.
        #expect(accesses.levels[0].writtenBits == 2 * 8)
        // The memory behind: eight inputs and two weights read, four outputs written.
        #expect(accesses.levels[3].readBits == (8 + 2) * 8)
        #expect(accesses.levels[3].writtenBits == 4 * 8)
        // Eight sums written, four of them read again, and four outputs taken away.
        #expect(accesses.levels[1].writtenBits == 8 * 16)
        #expect(accesses.levels[1].readBits == 4 * 16 + 4 * 8)
        // The buffer: inputs once in and once out, outputs once in and once out.
        #expect(accesses.levels[2].writtenBits == 8 * 8 + 4 * 8)
        #expect(accesses.levels[2].readBits == 8 * 8 + 4 * 8)
    }

    @Test("more room never costs more")
    func monotone() throws {
        for loops in Self.layers {
            var last = Double.infinity
            for buffer in [9, 12, 16, 24, 48, 96, 1000] {
                let problem = Self.problem(loops, Self.array(buffer: buffer))
                let cost = try #require(LoopSearch(problem).run()).proof.cost
                #expect(cost <= last)
                last = cost
            }
        }
    }

    @Test("a store without room for one element has no mapping")
    func tooSmall() {
        var array = Self.array()
        array.levels[1].size = Bytes(0)
        #expect(LoopSearch(Self.problem(Self.layer(), array)).run() == nil)
    }

    @Test("the space counted is the orders of the factors times the places of the cuts")
    func represented() throws {
        // Steps 2 x 2 x 4 on a 2 x 2 array: two filters, two channels, two factors of the width: 4!/2! orders.
        // Weights and inputs have two cuts each, outputs two: C(6,2) places each.
        let mapping = try #require(LoopSearch(Self.problem(Self.layer(), Self.array())).run())
        #expect(mapping.proof.represented == 12 * 15 * 15 * 15)
    }
}

/// Every assignment of tiles to cuts that forms a chain and fits; sizes and room are worked out here again.
private struct Exhaustion {
    private(set) var best = Double.infinity
    private let problem: LoopProblem
    private let unrolled: [LoopMapping.Unrolling?]
    private let steps: LoopExtents
    private var tiles: [LoopExtents] = []
    private var prices: [[Double]] = []
    /// Operand, position and level (-1 for a register) of each cut.
    private let cuts: [(LoopOperand, Int, Int)] = [
        (.weights, 0, -1), (.weights, 1, 0), (.inputs, 0, -1), (.inputs, 1, 2), (.outputs, 0, 1), (.outputs, 1, 2),
    ]

    init(_ problem: LoopProblem, _ unrolled: [LoopMapping.Unrolling?]) {
        self.problem = problem
        self.unrolled = unrolled
        var steps = problem.extents
        for unrolling in unrolled.compactMap({ $0 }) {
            let place = unrolling.dimension == .outputChannels ? 2 : 3
            steps[place] = (steps[place] + unrolling.extent - 1) / unrolling.extent
        }
        self.steps = steps
        tiles = steps.reduce([[]]) { tiles, steps in
            tiles.flatMap { tile in (1...steps).filter { steps % $0 == 0 }.map { tile + [$0] } }
        }
        let fixed = energy([])
        prices = cuts.map { operand, position, _ in
            tiles.map { energy([.init(operand: operand, position: position, inside: $0)]) - fixed }
        }
        extend([], problem.array.levels.map { $0.size.count * 8 }, fixed)
    }

    private func energy(_ cuts: [LoopMapping.Cut]) -> Double {
        let mapping = LoopMapping(
            unrolled: unrolled, cuts: cuts, steps: steps, proof: .init(represented: 0, lowerBound: 0, cost: 0))
        return LoopAccesses(mapping, of: problem).energy(on: problem)
    }

    /// Bits of a tile in one instance of a level.
    private func bits(_ operand: LoopOperand, _ level: Int, _ tile: LoopExtents) -> Int {
        var tile = tile
        if level == 2 {
            for unrolling in unrolled.compactMap({ $0 }) {
                tile[unrolling.dimension == .outputChannels ? 2 : 3] *= unrolling.extent
            }
        }
        tile = zip(tile, problem.extents).map { min($0, $1) }
        let loops = problem.loops
        switch operand {
        case .weights: return tile[2] * tile[3] * tile[6] * tile[7] * 8
        case .inputs:
            let height = min((tile[4] - 1) * loops.strideHeight + tile[6], tile[4] * tile[6])
            let width = min((tile[5] - 1) * loops.strideWidth + tile[7], tile[5] * tile[7])
            return tile[3] * height * width * 8
        case .outputs: return tile[2] * tile[4] * tile[5]
        }
    }

    private mutating func extend(_ chosen: [Int], _ room: [Int], _ cost: Double) {
        guard cost < best else { return }
        guard chosen.count < cuts.count else {
            best = cost
            return
        }
        let (operand, position, level) = cuts[chosen.count]
        for point in tiles.indices where chosen.allSatisfy({ isChain(tiles[$0], tiles[point]) }) {
            if position > 0, let below = chosen.last, !divides(tiles[below], tiles[point]) { continue }
            var size = bits(operand, level, tiles[point])
            if operand == .outputs {
                let isSummed = [3, 6, 7].allSatisfy { tiles[point][$0] == steps[$0] }
                size *= isSummed ? 8 : 16
            }
            var room = room
            if level < 0 {
                if size > 8 { continue }
            } else {
                room[level] -= size
                if room[level] < 0 { continue }
            }
            extend(chosen + [point], room, cost + prices[chosen.count][point])
        }
    }

    private func divides(_ left: LoopExtents, _ right: LoopExtents) -> Bool {
        zip(left, right).allSatisfy { $1 % $0 == 0 }
    }

    private func isChain(_ left: LoopExtents, _ right: LoopExtents) -> Bool {
        divides(left, right) || divides(right, left)
    }
}
