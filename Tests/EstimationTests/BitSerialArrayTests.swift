import Estimation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Machines that multiply bit by bit")
struct BitSerialArrayTests {
    private func layer(_ array: BitSerialArray, _ workload: Workload, bytesPerCycle: Int? = nil) throws -> LayerEstimate
    {
        let device = LaneLayers.device(.bitSerialArray(array), bytesPerCycle: bytesPerCycle)
        return try Estimator(device: device, runtime: nil).estimate(workload).get().layers[0]
    }

    private func estimate(_ name: String, _ workload: Workload) throws -> Estimate {
        try Estimator(device: Profiles.library.device(named: name).subject, runtime: nil).estimate(workload).get()
    }

    @Test("cycles are tiles times steps times pairs of digits")
    func closedForm() throws {
        for (weights, activations) in [(1, 1), (1, 2), (2, 2), (3, 5), (8, 8), (16, 16)] {
            let workload = LaneLayers.matrix(
                outputs: 20, inputs: 100, pixels: 9, weightBits: weights, activationBits: activations)
            // 2 x 3 tiles of 8 x 8, 7 steps of 16, 5 cycles to fill each tile.
            let both = try layer(LaneLayers.bitSerial(latency: 5), workload)
            #expect(both.cycles[.multiplication] == 6 * 7 * weights * activations)
            #expect(both.cycles[.fillDrain] == 30)
            let stripes = try layer(LaneLayers.bitSerial(weightDigit: 16), workload)
            #expect(stripes.cycles.total == 6 * 7 * activations)
            let pairs = try layer(LaneLayers.bitSerial(weightDigit: 2, activationDigit: 4), workload)
            #expect(pairs.cycles.total == 6 * 7 * ((weights + 1) / 2) * ((activations + 3) / 4))
        }
    }

    /// BISMO: 6.5 binary TOPS on a PYNQ-Z1 at 200 MHz (ACC-245), 15.4 on an Ultra96 (ACC-244); w x a passes.
    @Test("BISMO reaches its published peaks, and w x a bits take w a times as long")
    func bismo() throws {
        for (name, tops, fill) in [("bismo-pynq-z1", 6.5, 8), ("bismo-ultra96", 15.4, 10)] {
            func cycles(_ weights: Int, _ activations: Int) throws -> Estimate {
                try estimate(
                    name,
                    LaneLayers.matrix(
                        outputs: 128 * fill, inputs: 2048, pixels: 512 * fill, weightBits: weights,
                        activationBits: activations))
            }
            let binary = try cycles(1, 1)
            let rate = 2 * Double(binary.totals.macs) / binary.totals.latencySeconds / 1e12
            #expect(abs(rate / tops - 1) < 0.01, "\(name) \(rate)")
            #expect(try cycles(2, 3).totals.cycles == 6 * binary.totals.cycles)
            #expect(try cycles(4, 4).totals.cycles == 16 * binary.totals.cycles)
        }
    }

    /// UNPU: 345.6 GOPS at 16 bits, 691.2 at 8 (ACC-236, ACC-238), 7372 at 1 bit; 3.08, 5.57 and 50.6 TOPS/W (ACC-237, ACC-239).
    /// The geometry rests on the first figure; the others test it.
    @Test("UNPU's throughput and efficiency follow the bits of its weights")
    func unpu() throws {
        for (bits, gops, efficiency) in [(16, 345.6, 3.08), (8, 691.2, 5.57), (1, 7372, 50.6)] {
            let workload = LaneLayers.matrix(
                outputs: 256, inputs: 288, pixels: 6144, weightBits: bits, activationBits: 16)
            var device = try Profiles.library.device(named: "unpu").subject
            for index in device.memories.indices {
                device.memories[index].bandwidth = .perCycle(thousandthBytes: 1_000_000)
            }
            let estimate = try Estimator(device: device, runtime: nil).estimate(workload).get()
            let operations = 2 * Double(estimate.totals.macs)
            #expect(abs(operations / estimate.totals.latencySeconds / 1e9 / gops - 1) < 0.001)
            let rate = try operations / #require(estimate.totals.energyJoules) / 1e12
            #expect(abs(rate / efficiency - 1) < 0.12, "\(bits) \(rate)")
        }
    }

    /// Stripes: time in proportion to activation bits, 16 / p times as fast as the machine with 16 x 16-bit multipliers.
    @Test("Stripes follows the bits of activations alone")
    func stripes() throws {
        func cycles(_ weights: Int, _ activations: Int) throws -> Int {
            try estimate(
                "stripes",
                LaneLayers.matrix(
                    outputs: 256, inputs: 512, pixels: 160, weightBits: weights, activationBits: activations)
            ).totals.cycles
        }
        let full = try cycles(16, 16)
        #expect(full == 10 * 32 * 16)
        for bits in 1...16 {
            #expect(try cycles(16, bits) * 16 == full * bits)
            #expect(try cycles(2, bits) == cycles(16, bits))
        }
    }

    /// Bit Fusion: 16 bricks make one product of 8 x 8 bits, 4 of 4 x 4, 16 of 2 x 2; 16 x 16 takes four cycles.
    @Test("bricks that a product leaves make further lanes; widths round up to powers of two")
    func bricks() throws {
        func cycles(_ weights: Int, _ activations: Int) throws -> Int {
            try layer(
                LaneLayers.bitSerial(
                    rows: 1, columns: 16, lanes: 32, weightDigit: 2, activationDigit: 2, bricks: 16, rounds: true),
                LaneLayers.matrix(outputs: 256, inputs: 8192, weightBits: weights, activationBits: activations)
            ).cycles.total
        }
        let eight = try cycles(8, 8)
        #expect(eight == 16 * 256)
        #expect(try cycles(16, 16) == 4 * eight)
        #expect(try cycles(8, 4) * 2 == eight)
        #expect(try cycles(4, 4) * 4 == eight)
        #expect(try cycles(2, 2) * 16 == eight)
        #expect(try cycles(1, 1) == cycles(2, 2))
        #expect(try cycles(3, 5) == cycles(4, 8))
    }

    @Test("set bits: all set take every pass, few take few, and products that wait together take the most of them")
    func essentialBits() throws {
        func cycles(
            _ zeroBits: BitSerialArray.ZeroBits, set: Double, synchronized: Int = 1, isCounted: Bool = true
        ) throws -> Int {
            var workload = LaneLayers.matrix(outputs: 8, inputs: 16_000, pixels: 8)
            workload.layers[0].activationSetBits = MeasuredFraction(value: set, origin: .executed)
            if isCounted {
                let elements = 8 * 16_000
                workload.layers[0].weights?.nonzeros = NonzeroStructure(
                    perOutput: [Int](repeating: 16_000, count: 8), fullestBlocks: [2, 4, 8, 16],
                    setBits: Int(Double(elements * 8) * set))
            }
            return try layer(LaneLayers.bitSerial(zeroBits: zeroBits, synchronized: synchronized), workload)
                .cycles.total
        }
        #expect(try cycles(.skippedInActivations, set: 1) == 64_000)
        #expect(try cycles(.skippedInBoth, set: 1, synchronized: 16) == 64_000)
        #expect(try cycles(.skippedInWeights, set: 0.1, isCounted: false) == 64_000)
        // Eight passes for each set bit of eight, and one for none: 8 * 2 + 0.75^8.
        let expected = 1000 * (16 + 0.1001129150390625)
        #expect(try abs(Double(cycles(.skippedInActivations, set: 0.25)) - expected) <= 1)
        var last = 0
        for synchronized in [1, 4, 16, 256] {
            let both = try cycles(.skippedInBoth, set: 0.3, synchronized: synchronized)
            #expect(both > last && both <= 64_000)
            last = both
        }
        last = 0
        for set in [0.01, 0.1, 0.2, 0.5, 0.9, 1] {
            let both = try cycles(.skippedInBoth, set: set, synchronized: 16)
            #expect(both >= last)
            last = both
        }
    }

    @Test("the largest of several binomial counts is what draws give")
    func largestCount() throws {
        var draws = Draws(seed: 11)
        var sum = 0
        for _ in 0..<4000 {
            var most = 1
            for _ in 0..<16 {
                var set = 0
                for _ in 0..<8 where draws.next() < 0.3 { set += 1 }
                most = max(most, set)
            }
            sum += most
        }
        var workload = LaneLayers.matrix(outputs: 8, inputs: 16_000, pixels: 8, weightBits: 1)
        workload.layers[0].activationSetBits = MeasuredFraction(value: 0.3, origin: .executed)
        let array = LaneLayers.bitSerial(zeroBits: .skippedInActivations, synchronized: 16)
        let passes = try Double(layer(array, workload).cycles.total) / 1000
        #expect(abs(passes - Double(sum) / 4000) < 0.06, "\(passes) \(Double(sum) / 4000)")
    }

    @Test("buffers decide what the memory must deliver again")
    func traffic() throws {
        let workload = LaneLayers.matrix(outputs: 256, inputs: 256, pixels: 256)
        func moved(_ buffer: Int) throws -> Int {
            try layer(
                LaneLayers.bitSerial(rows: 256, columns: 256, lanes: 256, buffer: buffer), workload, bytesPerCycle: 1
            )
            .cycles.total
        }
        // Each operand once, 64 KiB of outputs; then one operand twice and four times.
        #expect(try moved(1 << 16) == 3 << 16)
        #expect(try moved(1 << 15) == 3 << 16)
        let slow = LaneLayers.bitSerial(rows: 16, columns: 16, lanes: 256, buffer: 1 << 14)
        let quarter = try layer(slow, workload, bytesPerCycle: 1).cycles.total
        #expect(quarter == (1 << 16) * (1 + 4 + 1))
        #expect(
            try layer(LaneLayers.bitSerial(rows: 16, columns: 16, lanes: 256), workload, bytesPerCycle: 1).cycles.total
                > quarter)
    }

    @Test("wider operands than the lanes take and hostile extents are refused, not trapped")
    func refusals() throws {
        let device = LaneLayers.device(.bitSerialArray(LaneLayers.bitSerial(bits: 4)))
        guard
            case .failure(.unsupported(let layers)) = try Estimator(device: device, runtime: nil)
                .estimate(LaneLayers.matrix(outputs: 8, inputs: 8))
        else {
            Issue.record("no refusal")
            return
        }
        #expect(layers[0].reason == "the array multiplies activations of at most 4 bits")
        let slow = LaneLayers.device(
            .bitSerialArray(LaneLayers.bitSerial(rows: 1, columns: 1, lanes: 1, latency: 1_000_000_000)))
        guard
            case .failure(.beyondMeasure) = try Estimator(device: slow, runtime: nil)
                .estimate(LaneLayers.matrix(outputs: 4096, inputs: 4096, pixels: 4096))
        else {
            Issue.record("no refusal")
            return
        }
        #expect(throws: EstimateRefusal.noRate(device: "lanes", what: "a bandwidth of memory 'memory'")) {
            try Estimator(
                device: LaneLayers.device(.bitSerialArray(LaneLayers.bitSerial()), bytesPerCycle: 0), runtime: nil)
        }
    }
}
