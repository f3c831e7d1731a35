import Estimation
import FixedPoint
import Hardware
import Quantities
import Scheduling
import Tensors
import Testing
import Workloads

@Suite("Dataflow pipeline")
struct DataflowPipelineTests {
    private func logic(
        tables: Int = 50_000, blocks: Int = 140, multipliers: Int = 220, port: Int? = nil, foldings: [String] = []
    ) -> ProgrammableLogic {
        ProgrammableLogic(
            lookupTables: tables, flipFlops: 2 * tables, blockMemories: blocks, multipliers: multipliers,
            inputBandwidth: nil, port: port.map { Bits($0) }, foldings: foldings.compactMap(Folding.init(text:)))
    }

    private func device(_ logic: ProgrammableLogic, energy: EnergyFacts = EnergyFacts()) -> Device {
        Fixtures.device(.programmableLogic(logic), energy: energy)
    }

    /// A chain of matrices, one fully connected layer each.
    private func chain(_ sizes: [Int], bits: Int) -> Workload {
        var workload = Workload(name: "chain", layers: [], tensors: [])
        for (index, size) in sizes.enumerated() {
            let isLast = index == sizes.count - 1
            workload.tensors.append(
                TensorFootprint(
                    name: "t\(index)", shape: [1, size], elementBits: isLast ? 16 : bits, isFloat: false,
                    producer: index == 0 ? nil : index - 1, consumers: isLast ? [] : [index], isOutput: isLast))
            if isLast { break }
            var loops = LoopNest()
            (loops.inputChannels, loops.outputChannels) = (size, sizes[index + 1])
            workload.layers.append(
                WorkloadLayer(
                    name: "fc\(index)", operatorName: "", computeClass: .fullyConnected, loops: loops,
                    weights: Fixtures.weights(size * sizes[index + 1], bits: bits), inputs: [index],
                    outputs: [index + 1], accumulator: .int32, isFloat: false))
        }
        return workload
    }

    private func estimate(_ workload: Workload, _ logic: ProgrammableLogic) throws -> Estimate {
        try Estimator(device: device(logic), runtime: nil).estimate(workload).get()
    }

    private func stage(_ estimate: Estimate, _ index: Int = 0) -> PipelineStage? {
        if case .stage(let stage) = estimate.schedule.layers[index].form { stage } else { nil }
    }

    @Test("a stage is busy pixels x row folds x column folds; a folding that does not divide is rounded up")
    func interval() throws {
        // 4x4 outputs of 5 filters over 3x3x2: 5 rows of 18 products.
        let workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5)
        for (folding, cycles) in [
            ("1x2", 16 * 5 * 9), ("1x1", 16 * 5 * 18), ("2x2", 16 * 3 * 9), ("5x18", 6 * 3 + 4 * 6),
        ] {
            let estimate = try estimate(workload, logic(foldings: ["conv:\(folding)"]))
            #expect(stage(estimate)?.interval == cycles, "\(folding)")
            #expect(estimate.throughput?.intervalCycles == cycles)
            #expect(estimate.throughput?.framesPerSecond == 1_000_000 / Double(cycles))
        }
    }

    @Test("a folding too wide for its window generator waits for it")
    func windowGenerator() throws {
        // 32 filters on 32 elements: the matrix takes 16 x 9 cycles, the generator 6 x 3 + 4 x max(4 x 9, 6).
        let workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 32)
        let estimate = try estimate(workload, logic(foldings: ["conv:32x2"]))
        #expect(stage(estimate)?.interval == max(144, 18 + 4 * 36))
    }

    @Test("resources by hand: 64 one-bit rows of 256 on 4 elements of 8 lanes")
    func resources() throws {
        let estimate = try estimate(chain([256, 64], bits: 1), logic(foldings: ["fc0:4x8"]))
        // 32 products at 376 tables for 128, sums of 1 + 1 + 9 bits, no thresholds before a 16-bit result; weights of
        // each element 8 bits x 512: one block of 9 x 2048.
        let tables = 300 + 32 * 376 / 128 + 4 * 11 * 11 / 10
        #expect(stage(estimate)?.resources.lookupTables == tables)
        #expect(stage(estimate)?.resources.blockMemories == 4)
        #expect(stage(estimate)?.resources.multipliers == 0)
        let used = Dictionary(uniqueKeysWithValues: estimate.resources.map { ($0.name, $0.used) })
        #expect(used["lookupTables"] == 3_000 + tables && used["blockMemories"] == 6 + 2)
        #expect(used["multipliers"] == 4 && estimate.resources.map(\.available) == [50_000, 100_000, 140, 220])
    }

    @Test("the slowest stage sets the rate, the sum of what each adds the latency")
    func latency() throws {
        let estimate = try estimate(
            chain([64, 64, 64, 64], bits: 2), logic(foldings: ["fc0:8x8", "fc1:4x8", "fc2:8x8"]))
        #expect(estimate.throughput?.intervalCycles == 128)
        #expect(estimate.throughput?.slowestLayer == "fc1")
        #expect(estimate.throughput?.bound == .stage)
        // Each later stage waits for the last input, then for the passes after its first; 6 registers each.
        let latency = (64 + 6) + (128 - 8 + 1 + 6) + (64 - 8 + 1 + 6)
        #expect(estimate.totals.cycles == latency)
        #expect(estimate.layers.map(\.cycles.total).reduce(0, +) == latency)
    }

    @Test("a narrow port binds: bits over the greatest common width, and the wait for the first word")
    func inputStream() throws {
        let foldings = ["fc0:64x16", "fc1:16x32"]
        var narrow = logic(tables: 500_000, port: 64, foldings: foldings)
        let free = try estimate(chain([64, 64, 64], bits: 8), narrow)
        #expect(free.throughput?.inputCycles == 8)
        #expect(free.throughput?.bound == .outputStream)
        narrow.portLatency = 30
        #expect(try estimate(chain([64, 64, 64], bits: 8), narrow).throughput?.inputCycles == 38)
        narrow.port = Bits(48)
        // 512 bits share 16 with 48.
        let bound = try estimate(chain([64, 64, 64], bits: 8), narrow)
        #expect(bound.throughput?.inputCycles == 32 + 30)
        // 64 bytes of frame and 32 of results at half a byte a cycle.
        narrow.inputBandwidth = .perCycle(thousandthBytes: 500)
        let slow = try estimate(chain([64, 64, 16], bits: 8), narrow).throughput
        #expect(slow?.bound == .inputStream && slow?.intervalCycles == 128 + 30)
    }

    @Test("calls of the driver share their overhead among their frames")
    func calls() throws {
        var logic = logic(foldings: ["fc0:8x8"])
        (logic.framesPerCall, logic.callOverhead) = (10, 1_000)
        let estimate = try estimate(chain([64, 64], bits: 1), logic)
        // 64 cycles and 6 registers for the first frame, 64 for each of nine more.
        #expect(estimate.throughput?.framesPerSecond == 1_000_000 * 10 / Double(1_000 + 70 + 9 * 64))
    }

    @Test("no other divisors of two layers that fit are faster than those found")
    func exhaustive() throws {
        let divisors = [1, 2, 3, 4, 6, 8, 12, 24]
        for (tables, blocks) in [(5_000, 140), (6_000, 9), (9_000, 140), (4_300, 7)] {
            let workload = chain([24, 24, 24], bits: 4)
            let found = try? estimate(workload, logic(tables: tables, blocks: blocks, multipliers: 20))
            var least = Int.max
            for a in divisors {
                for b in divisors {
                    for c in divisors {
                        for d in divisors {
                            // Stages are separable: both intervals of a folding are known without an estimate.
                            let interval = max((24 / a) * (24 / b), (24 / c) * (24 / d))
                            guard interval < least else { continue }
                            let given = logic(
                                tables: tables, blocks: blocks, multipliers: 20,
                                foldings: ["fc0:\(a)x\(b)", "fc1:\(c)x\(d)"])
                            if (try? estimate(workload, given)) != nil { least = interval }
                        }
                    }
                }
            }
            #expect(found?.throughput.map { max($0.intervalCycles, $0.slowestStageCycles) } ?? .max == least)
            #expect(found?.throughput?.isProved ?? true)
        }
    }

    @Test("more of any resource, a wider port or a smaller network is never slower")
    func monotonicity() throws {
        let workload = chain([96, 60, 128, 30, 16], bits: 4)
        func interval(_ logic: ProgrammableLogic) -> Int {
            (try? estimate(workload, logic).throughput?.intervalCycles) ?? .max
        }
        var last = Int.max
        for tables in stride(from: 4_000, through: 40_000, by: 3_000) {
            let now = interval(logic(tables: tables, blocks: 20, multipliers: 30))
            #expect(now <= last)
            last = now
        }
        last = Int.max
        for multipliers in stride(from: 0, through: 400, by: 40) {
            let now = interval(logic(tables: 9_000, blocks: 20, multipliers: multipliers))
            #expect(now <= last)
            last = now
        }
        #expect(interval(logic(port: 8)) >= interval(logic(port: 64)))
    }

    @Test("a chip without multipliers rescales and multiplies in lookup tables")
    func withoutMultipliers() throws {
        let workload = chain([64, 64, 64], bits: 8)
        let bare = try estimate(workload, logic(multipliers: 0))
        #expect(bare.resources.first { $0.name == "multipliers" }?.used == 0)
        let interval = try #require(bare.throughput?.intervalCycles)
        #expect(try estimate(workload, logic()).throughput?.intervalCycles ?? .max <= interval)
    }

    @Test("what is too large for the chip does not fit, with the number of each resource")
    func doesNotFit() throws {
        let workload = chain([512, 512, 512], bits: 8)
        let small = logic(tables: 20_000, blocks: 10)
        guard case .failure(let refusal) = try Estimator(device: device(small), runtime: nil).estimate(workload),
            case .doesNotFit(let shortages, let estimate) = refusal
        else {
            Issue.record("fits")
            return
        }
        // 4 Mbit of weights lie in at least 114 blocks of 36 Kbit.
        let blocks = try #require(estimate.resources.first { $0.name == "blockMemories" })
        #expect(shortages.isEmpty && !blocks.fits && blocks.used >= 114)
        #expect(refusal.reasons == ["blockMemories do not fit: \(blocks.used) needed, 'bench' has 10"])
    }

    @Test("hostile logic is refused, not trapped on")
    func hostile() throws {
        let workload = chain([64, 64], bits: 1)
        let nothing = logic(tables: 0, blocks: 0, multipliers: 0)
        guard case .failure(let refusal) = try Estimator(device: device(nothing), runtime: nil).estimate(workload)
        else {
            Issue.record("fits")
            return
        }
        #expect(refusal.reasons.count == 3)
        var stopped = logic()
        stopped.inputBandwidth = .perSecond(bytes: 0)
        #expect(throws: EstimateRefusal.noRate(device: "bench", what: "an input bandwidth")) {
            try Estimator(device: device(stopped), runtime: nil)
        }
        #expect(throws: EstimateRefusal.noRate(device: "bench", what: "a port width")) {
            try Estimator(device: device(logic(port: 0)), runtime: nil)
        }
        for (folding, part) in [("fc9:1x1", "none of that name"), ("fc0:128x1", "exceeds the 64 x 64 matrix")] {
            guard
                case .failure(.unsupported(let layers)) = try Estimator(
                    device: device(logic(foldings: [folding])), runtime: nil
                ).estimate(workload)
            else {
                Issue.record("no refusal of \(folding)")
                continue
            }
            #expect(layers.count == 1 && layers[0].reason.contains(part))
        }
        for text in ["fc0", "fc0:", ":1x1", "fc0:0x1", "fc0:1", "fc0:1x1x1", "fc0:-1x2", "fc0:99999999999999999999x1"] {
            #expect(Folding(text: text) == nil, "\(text)")
        }
    }

    @Test("float layers run on the processor, float products do not run at all")
    func floats() throws {
        var workload = chain([64, 64], bits: 8)
        workload.layers[0].isFloat = true
        let result = try Estimator(device: device(logic()), runtime: nil).estimate(workload)
        guard case .failure(.unsupported(let layers)) = result else {
            Issue.record("no refusal")
            return
        }
        #expect(layers[0].reason == "the pipeline multiplies integers only, and the layer computes in float")
    }

    @Test("only the frame and its results lie in memory, both at once in blocks of 64 bytes; the schedule is sound")
    func memory() throws {
        let workload = chain([64, 32, 16], bits: 8)
        let device = device(logic())
        let estimate = try Estimator(device: device, runtime: nil).estimate(workload).get()
        #expect(estimate.totals.ramBytes == 64 + 64)
        let storage = ActivationStorage(isPacked: true, alignment: 64)
        #expect(estimate.schedule.faults(for: workload, on: device, storage: storage).isEmpty)
    }

    @Test("rail power times the time of a frame alone, and of one in a row")
    func energy() throws {
        let device = device(
            logic(foldings: ["fc0:8x8"]), energy: EnergyFacts(activePower: Power(nanowatts: 1_000_000_000)))
        let estimate = try Estimator(device: device, runtime: nil).estimate(chain([64, 64], bits: 1)).get()
        #expect(estimate.totals.energyFemtojoules == 70 * 1_000_000_000)
        #expect(abs((estimate.throughput?.energyPerFrameJoules ?? 0) - 64e-6) < 1e-12)
        #expect(try self.estimate(chain([64, 64], bits: 1), logic()).totals.energyJoules == nil)
    }

    @Test("advice names the resource that binds, and is told at the slowest layer by whole estimates")
    func advice() throws {
        let workload = chain([96, 96, 96], bits: 1)
        let estimator = try Estimator(device: device(logic(tables: 4_200)), runtime: nil)
        let estimate = try estimator.estimate(workload).get()
        let advice = Advisor(estimator).advice(on: workload, estimate)
        let slowest = workload.layers.firstIndex { $0.name == estimate.throughput?.slowestLayer }
        let told = try #require(slowest.map { advice[$0] })
        #expect(told.map(\.change) == ["twice the lookup tables"])
        let doubled = try self.estimate(workload, logic(tables: 8_400))
        #expect(told.first?.cycles == doubled.throughput?.intervalCycles)
        let given = logic(foldings: ["fc0:1x1", "fc1:8x8"])
        let fixed = try Estimator(device: device(given), runtime: nil)
        let other = Advisor(fixed).advice(on: workload, try fixed.estimate(workload).get())
        #expect(other[0].map(\.change) == ["foldings found by search"] && other[1].isEmpty)
    }
}
