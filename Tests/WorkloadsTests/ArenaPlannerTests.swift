import Testing
import Workloads

@Suite("Arena planner")
struct ArenaPlannerTests {
    /// A small linear congruential generator: the same problems in every run.
    private struct Draws {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    private func problem(_ draws: inout Draws, count: Int, layers: Int, alignment: Int) -> ArenaProblem {
        let buffers = (0..<count).map { index in
            let first = draws.next(layers)
            let last = first + draws.next(layers - first)
            return ArenaProblem.Buffer(
                name: "b\(index)", tensor: index, size: draws.next(6), firstLayer: first, lastLayer: last)
        }
        return ArenaProblem(buffers: buffers, alignment: alignment)
    }

    /// The least arena by trying every offset, without any notion of stacks or bounds.
    private func leastSize(_ problem: ArenaProblem) -> Int {
        var size = 0
        while !fits(problem, size: size, offsets: []) { size += 1 }
        return size
    }

    private func fits(_ problem: ArenaProblem, size: Int, offsets: [Int]) -> Bool {
        if offsets.count == problem.buffers.count { return true }
        let buffer = problem.buffers[offsets.count]
        let extent = problem.extent(of: buffer)
        for offset in stride(from: 0, through: size - extent, by: 1) {
            let isFree = offsets.indices.allSatisfy { index in
                let other = problem.buffers[index]
                let apart =
                    offset >= offsets[index] + problem.extent(of: other) || offsets[index] >= offset + extent
                return apart || !buffer.isLive(with: other)
            }
            if isFree, fits(problem, size: size, offsets: offsets + [offset]) { return true }
        }
        return false
    }

    @Test("finds the least arena of small problems and proves it")
    func optimum() {
        var draws = Draws(state: 7)
        for _ in 0..<60 {
            let problem = problem(&draws, count: 6, layers: 5, alignment: 1)
            let plan = ArenaPlanner().plan(problem)
            #expect(plan.faults(for: problem).isEmpty)
            #expect(plan.isOptimal)
            #expect(plan.size == leastSize(problem))
        }
    }

    @Test("is sound without the search, on large problems and with an alignment")
    func greedy() {
        var draws = Draws(state: 11)
        for alignment in [1, 4, 16] {
            let problem = problem(&draws, count: 80, layers: 60, alignment: alignment)
            let plan = ArenaPlanner(nodeLimit: 0).plan(problem)
            #expect(plan.faults(for: problem).isEmpty)
            #expect(plan.lowerBound == problem.peakLiveBytes)
            #expect(plan.size >= plan.lowerBound)
            let searched = ArenaPlanner().plan(problem)
            #expect(searched.faults(for: problem).isEmpty)
            #expect(searched.size <= plan.size)
        }
    }

    @Test("a gap that greedy leaves is closed by the search")
    func betterThanGreedy() {
        var draws = Draws(state: 3)
        var better = 0
        for _ in 0..<150 {
            let problem = problem(&draws, count: 8, layers: 6, alignment: 1)
            let greedy = ArenaPlanner(nodeLimit: 0).plan(problem).size
            let least = ArenaPlanner().plan(problem).size
            #expect(least <= greedy)
            if least < greedy { better += 1 }
        }
        #expect(better > 0)
    }

    @Test("the verifier refuses plans that were tampered with")
    func mutations() {
        let buffers = [
            ArenaProblem.Buffer(name: "a", tensor: 0, size: 8, firstLayer: 0, lastLayer: 1),
            ArenaProblem.Buffer(name: "b", tensor: 1, size: 4, firstLayer: 1, lastLayer: 2),
            ArenaProblem.Buffer(name: "c", tensor: 2, size: 8, firstLayer: 2, lastLayer: 3),
        ]
        let problem = ArenaProblem(buffers: buffers, alignment: 4)
        let plan = ArenaPlanner().plan(problem)
        #expect(plan.faults(for: problem).isEmpty)
        #expect(plan.size == 12)

        var overlapping = plan
        overlapping.entries[1].offset = plan.entries[0].offset
        #expect(overlapping.faults(for: problem).contains(.overlap("a", "b")))
        var misaligned = plan
        misaligned.entries[0].offset += 1
        #expect(misaligned.faults(for: problem).contains(.misplaced("a")))
        var short = plan
        short.size -= 1
        #expect(!short.faults(for: problem).isEmpty)
        var missing = plan
        missing.entries.removeLast()
        #expect(missing.faults(for: problem) == [.otherBuffers])
        var boastful = plan
        boastful.lowerBound = plan.size + 1
        #expect(boastful.faults(for: problem).contains(.boundAboveSize))
    }

    @Test("a chain needs no more than its largest pair of neighbours, at once")
    func chain() {
        // The activations of a mobile network: largest first leaves a hole that the second does not fit.
        let sizes = [27648, 18432, 18432, 36864, 9216, 18432, 18432, 18432, 4608, 9216, 9216, 9216, 2304]
        let buffers = sizes.enumerated().map { index, size in
            ArenaProblem.Buffer(
                name: "t\(index)", tensor: index, size: size, firstLayer: max(0, index - 1), lastLayer: index)
        }
        let problem = ArenaProblem(buffers: buffers, alignment: 16)
        let plan = ArenaPlanner(nodeLimit: 0).plan(problem)
        #expect(plan.size == 55296)
        #expect(plan.isOptimal)
        #expect(plan.faults(for: problem).isEmpty)
    }

    @Test("live sets hold what is needed at once")
    func liveSets() {
        let buffers = [
            ArenaProblem.Buffer(name: "a", tensor: 0, size: 5, firstLayer: 0, lastLayer: 2),
            ArenaProblem.Buffer(name: "b", tensor: 1, size: 3, firstLayer: 1, lastLayer: 1),
        ]
        let sets = ArenaProblem(buffers: buffers, alignment: 4).liveSets
        #expect(sets.map(\.layer) == [0, 1])
        #expect(sets.map(\.buffers) == [[0], [0, 1]])
        #expect(sets.map(\.bytes) == [8, 12])
    }
}
