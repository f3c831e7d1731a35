import Estimation
import Hardware
import Quantities
import Testing
import Workloads

@Suite("Waiting for memory")
struct MemoryStallTests {
    private func weightStall(
        waits: Int, line: Int, cacheBytes: Int? = nil, block: Kernel.Block = .init(pixels: 1, channels: 1),
        bits: Int = 8
    ) throws -> Int {
        let cache = cacheBytes.map {
            Cache(
                name: "cache", side: .data, level: 1, size: Bytes($0), lineSize: Bytes(line), ways: $0 / line,
                serves: ["flash"], hitLatency: 0)
        }
        let device = Fixtures.device(
            .processor(Fixtures.core()), waits: waits, line: line, caches: cache.map { [$0] } ?? [])
        // 16 pixels; 4 filters of 3x3x16: 576 weights.
        let workload = Fixtures.convolution(
            size: 6, channels: 16, kernel: 3, filters: 4, weights: Fixtures.weights(576, bits: bits))
        let runtime = Fixtures.runtime([Fixtures.kernel(block: block)])
        let estimate = try Estimator(device: device, runtime: runtime).estimate(workload).get()
        return estimate.layers[0].cycles[.weightFetch]
    }

    @Test("without wait states nothing waits")
    func noWaits() throws {
        #expect(try weightStall(waits: 0, line: 16) == 0)
    }

    @Test("each sweep over the weights fetches each line once")
    func sweeps() throws {
        #expect(try weightStall(waits: 5, line: 16) == 16 * 36 * 5)
        #expect(try weightStall(waits: 5, line: 32) == 16 * 18 * 5)
        #expect(try weightStall(waits: 5, line: 16, block: .init(pixels: 2, channels: 1)) == 8 * 36 * 5)
        #expect(try weightStall(waits: 5, line: 16, bits: 4) == 16 * 18 * 5)
    }

    @Test("a cache that holds all weights fetches each line once for the layer; a smaller one helps nothing")
    func caches() throws {
        #expect(try weightStall(waits: 5, line: 16, cacheBytes: 576) == 36 * 5)
        #expect(try weightStall(waits: 5, line: 16, cacheBytes: 560) == 16 * 36 * 5)
    }

    @Test("streams that alternate over one line buffer fetch a line for each load")
    func alternatingStreams() throws {
        let alternating = try weightStall(waits: 5, line: 16, block: .init(pixels: 1, channels: 2))
        #expect(alternating == 16 * 576 * 5)
        let cached = try weightStall(waits: 5, line: 16, cacheBytes: 64, block: .init(pixels: 1, channels: 2))
        #expect(cached == 16 * 36 * 5)
    }
}
