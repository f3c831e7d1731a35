import Estimation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

/// What compression gains or costs on each kind of machine, with the published figure that says so.
@Suite("Compression pays or does not")
struct CompressionPaysTests {
    private func estimate(
        _ device: String, _ workload: Workload, overrides: [String] = []
    ) throws -> Estimate {
        let profile = try Profiles.library.device(named: device, overrides: overrides).subject
        let runtime = try profile.defaultRuntime.map { try Profiles.library.runtime(named: $0).subject }
        return try Estimator(device: profile, runtime: runtime).estimate(workload).get()
    }

    /// PULP-NN on GAP8: sub-byte costs unpacking on an instruction set without it, so narrower data is not faster
    /// (kernels.csv KRN-236); boards/README item 7.
    @Test("sub-byte weights on a Cortex-M4 save flash and cost instructions", arguments: [2, 4])
    func subByteWeights(bits: Int) throws {
        func run(_ bits: Int) throws -> Estimate {
            try estimate(
                "nucleo-l4r5zi",
                Fixtures.convolution(
                    size: 18, channels: 32, kernel: 3, filters: 32, weights: Fixtures.weights(9216, bits: bits)))
        }
        let (full, narrow) = (try run(8), try run(bits))
        #expect(narrow.totals.flashBytes < full.totals.flashBytes)
        #expect(narrow.layers[0].cycles[.compute] > full.layers[0].cycles[.compute])
        #expect(narrow.totals.cycles > full.totals.cycles)
    }

    /// EIE's table: a dense machine gains nothing from zeros unless it skips them; SCALE-Sim multiplies every one.
    @Test("fine-grained zeros on a dense array save storage and traffic, not one cycle of computing")
    func zerosOnDenseArray() throws {
        func run(_ density: Double, _ device: String = "systolic-32x32-ws") throws -> Estimate {
            let elements = 512 * 2304
            let nonzero = Int(Double(elements) * density)
            var workload = LaneLayers.convolution(size: 14, channels: 256, kernel: 3, filters: 512)
            workload.layers[0].weights = Fixtures.weights(
                elements, nonzero: nonzero, storage: density < 1 ? .bitmap : .dense)
            return try estimate(device, workload)
        }
        let (dense, sparse) = (try run(1), try run(0.1))
        #expect(sparse.layers[0].cycles[.compute] == dense.layers[0].cycles[.compute])
        #expect(sparse.layers[0].executedMacs == dense.layers[0].executedMacs)
        #expect(sparse.totals.flashBytes < dense.totals.flashBytes / 4)
        let bytes = try (
            #require(dense.totals.energy?.dramFemtojoules), #require(sparse.totals.energy?.dramFemtojoules)
        )
        #expect(bytes.1 < bytes.0)
        #expect(try run(0.1, "scnn").totals.cycles * 5 < run(1, "scnn").totals.cycles)
    }

    /// A 3x3 stage of 64 channels, and the 1x1 stages and depthwise 3x3 that replace it; MobileNet on XNNPACK reaches a fifth
    /// to a half of the products each cycle of dense networks (kernels.csv KRN-262 to KRN-287).
    @Test("after decomposition 1x1 stages wait for memory, and depthwise stages leave a systolic array idle")
    func decomposedStages() throws {
        func run(_ workload: Workload) throws -> Estimate {
            // Sums of a whole layer stay in the array's buffer.
            try estimate("systolic-32x32-ws", workload, overrides: ["memories.ofmap.size=2MiB"])
        }
        let whole = try run(LaneLayers.convolution(size: 56, channels: 64, kernel: 3, filters: 64))
        let thin = try run(LaneLayers.convolution(size: 56, channels: 16, kernel: 1, filters: 64))
        let depthwise = try run(
            LaneLayers.convolution(size: 56, channels: 64, kernel: 3, filters: 64, groups: 64))
        #expect(whole.layers[0].bound == .multiplication)
        #expect(thin.layers[0].bound == .memoryBandwidth)
        #expect(thin.layers[0].utilization < whole.layers[0].utilization / 2)
        #expect(depthwise.layers[0].utilization < 0.02)
        // 64 times fewer products, but not 10 times less time.
        #expect(depthwise.totals.cycles * 10 > whole.totals.cycles)
        let serial = try estimate(
            "bismo-pynq-z1", LaneLayers.convolution(size: 56, channels: 64, kernel: 1, filters: 64, bits: 1))
        #expect(serial.layers[0].bound == .memoryBandwidth)
    }

    /// BISMO and UNPU: throughput scales with bits (boards/README item 7; published-accelerator-results.csv ACC-238, ACC-244).
    @Test("fewer bits are faster in proportion on machines that multiply bit by bit")
    func bits() throws {
        for (device, activations) in [("unpu", 16), ("bismo-pynq-z1", 4)] {
            func run(_ bits: Int) throws -> Int {
                var workload = LaneLayers.convolution(size: 16, channels: 256, kernel: 3, filters: 256, bits: bits)
                for index in workload.tensors.indices { workload.tensors[index].elementBits = activations }
                return try estimate(device, workload).layers[0].cycles[.compute]
            }
            let eight = try run(8)
            for bits in [2, 4, 6] { #expect(try run(bits) * 8 == eight * bits) }
        }
    }
}
