import Deployment
import Estimation
import Scheduling
import Testing

@Suite struct MemoryMapTests {
    @Test func buffersThatLiveTogetherLieApart() throws {
        let map = MemoryMap(try SamplePlan().estimate)
        #expect(map.arena.count >= 4)
        for (place, first) in map.arena.enumerated() {
            #expect(first.offset >= 0 && first.offset + first.bytes <= map.arenaBytes)
            #expect(first.firstLayer <= first.lastLayer)
            for second in map.arena[(place + 1)...] {
                let meets = first.firstLayer <= second.lastLayer && second.firstLayer <= first.lastLayer
                let overlaps =
                    first.offset < second.offset + second.bytes && second.offset < first.offset + first.bytes
                #expect(!(meets && overlaps), "\(first.name) and \(second.name)")
            }
        }
    }

    @Test func theSharesAddUp() throws {
        let estimate = try SamplePlan().estimate
        let map = MemoryMap(estimate)
        #expect(map.ram.reduce(0) { $0 + $1.bytes } == estimate.totals.ramBytes)
        #expect(map.flash.reduce(0) { $0 + $1.bytes } == estimate.totals.flashBytes)
        #expect(map.ram.contains { $0.name == "arena" && $0.bytes == map.arenaBytes })
        #expect(map.arenaLowerBound <= map.arenaBytes && map.arenaLowerBound > 0)
        #expect(map.weights != nil && map.activations != nil)
    }
}
