import Estimation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Several cores on one layer")
struct SharedLayerTests {
    /// 4x4 outputs of 5 filters over 3x3x2: 1440 products and 80 outputs of one cycle each.
    private let workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5)

    private func device(cores: Int, bandwidth: Bandwidth? = nil) -> Device {
        var core = Fixtures.core()
        core.count = cores
        var device = Fixtures.device(.processor(core))
        if let bandwidth {
            device.memories[0].bandwidth = bandwidth
            device.memories[0].prefetch = true
        }
        return device
    }

    private func estimate(
        cores: Int, _ parallelism: Kernel.Parallelism, fork: InstructionMix = .none, bandwidth: Bandwidth? = nil
    ) throws -> Estimate {
        var kernel = Fixtures.kernel()
        kernel.parallelism = parallelism
        var runtime = Fixtures.runtime([kernel])
        runtime.perFork = fork
        return try Estimator(device: device(cores: cores, bandwidth: bandwidth), runtime: runtime)
            .estimate(workload).get()
    }

    @Test(
        "the core with most pieces decides the time",
        arguments: [
            (Kernel.Parallelism.none, 4, 1520), (.outputRows, 2, 760), (.outputRows, 3, 760), (.outputRows, 4, 380),
            (.outputRows, 9, 380), (.outputPixels, 3, 570), (.outputChannels, 2, 912), (.outputBlocks, 7, 228),
        ])
    func pieces(parallelism: Kernel.Parallelism, cores: Int, cycles: Int) throws {
        // 4 rows, 16 pixels, 5 channels and 80 blocks, of which one core takes 2, 6, 3 and 12 at most.
        #expect(try estimate(cores: cores, parallelism).totals.cycles == cycles)
    }

    @Test("starting and joining cores costs each shared layer once, and one core alone nothing")
    func fork() throws {
        let fork = Fixtures.mix([.load: 100])
        #expect(try estimate(cores: 2, .outputRows, fork: fork).totals.cycles == 860)
        #expect(try estimate(cores: 2, .none, fork: fork).totals.cycles == 1520)
        #expect(try estimate(cores: 1, .outputRows, fork: fork).totals.cycles == 1520)
    }

    @Test("cores share the bandwidth of a memory")
    func bandwidth() throws {
        // 16 sweeps over 90 bytes of weights in 23 lines of 4 bytes, a byte a cycle: 1472 cycles, less what hides them.
        let rate = Bandwidth.perSecond(bytes: 1_000_000)
        #expect(try estimate(cores: 1, .outputRows, bandwidth: rate).totals.cycles == 1520)
        #expect(try estimate(cores: 4, .outputRows, bandwidth: rate).totals.cycles == 1472)
        #expect(try estimate(cores: 4, .outputRows, bandwidth: rate).layers[0].bound == .weightFetch)
    }

    @Test("an out-of-order core is costed by its limits, and the estimate says so")
    func outOfOrder() throws {
        let device = Fixtures.device(.processor(Fixtures.core(issueWidth: 2, pipeline: .outOfOrder)))
        let estimate = try Estimator(device: device, runtime: Fixtures.runtime([Fixtures.kernel()]))
            .estimate(workload).get()
        #expect(estimate.model == "superscalarProcessor")
        #expect(estimate.totals.cycles == 760)
        #expect(estimate.assumptions.contains { $0.contains("hides every latency") })
    }
}
