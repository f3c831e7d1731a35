import Estimation
import FixedPoint
import Hardware
import Quantities
import Scheduling
import Tensors
import Testing
import Workloads

@Suite("Schedule verifier")
struct ScheduleVerificationTests {
    private let device = Fixtures.device(.processor(Fixtures.core()))
    private let storage = ActivationStorage(isPacked: false, alignment: 4)

    /// A convolution, a view of its result, and the sum of that and the network's input.
    private func workload() -> Workload {
        var workload = Fixtures.convolution(size: 6, channels: 2, kernel: 1, filters: 2)
        workload.tensors[0].consumers = [0, 2]
        workload.tensors[1].isOutput = false
        workload.tensors[1].consumers = [1]
        var loops = LoopNest()
        loops.outputChannels = 72
        func layer(_ name: String, _ computeClass: ComputeClass, _ inputs: [Int], _ output: Int) -> WorkloadLayer {
            WorkloadLayer(
                name: name, operatorName: name, computeClass: computeClass, loops: loops, weights: nil,
                inputs: inputs, outputs: [output], accumulator: nil, isFloat: false)
        }
        workload.layers += [layer("view", .free, [1], 2), layer("sum", .elementwise, [0, 2], 3)]
        workload.tensors += [
            TensorFootprint(
                name: "flat", shape: [72], elementBits: 8, isFloat: false, producer: 1, consumers: [2],
                isOutput: false, aliasOf: 1),
            TensorFootprint(
                name: "result", shape: [72], elementBits: 8, isFloat: false, producer: 2, consumers: [],
                isOutput: true),
        ]
        return workload
    }

    private func schedule() throws -> Schedule {
        let kernels = [Fixtures.kernel(), Fixtures.kernel("sum", classes: [.elementwise])]
        return try Estimator(device: device, runtime: Fixtures.runtime(kernels)).estimate(workload()).get().schedule
    }

    private func faults(_ schedule: Schedule) -> [Schedule.Fault] {
        schedule.faults(for: workload(), on: device, storage: storage)
    }

    @Test("accepts what the scheduler makes: a view lives in the tensor it views")
    func sound() throws {
        let schedule = try schedule()
        #expect(faults(schedule).isEmpty)
        #expect(schedule.arena.size == 3 * 72)
        #expect(schedule.arena.entries.map(\.buffer.name) == ["in", "out", "result"])
        #expect(schedule.arena.entries[1].buffer.lastLayer == 2)
    }

    @Test("refuses schedules that were tampered with")
    func mutations() throws {
        let sound = try schedule()
        var overlapping = sound
        overlapping.arena.entries[0].offset = overlapping.arena.entries[1].offset
        #expect(faults(overlapping).contains(.arena(.overlap("in", "out"))))
        var forgetful = sound
        forgetful.arena.entries[1].buffer.lastLayer = 0
        #expect(faults(forgetful).contains(.shortLifetime(tensor: "flat", layer: "sum")))
        var small = sound
        small.arena.entries[2].buffer.size = 71
        #expect(faults(small).contains(.unplacedTensor("result")))
        var idle = sound
        idle.layers[0].form = .none
        #expect(faults(idle).contains(.wrongForm("conv")))
        var light = sound
        light.flash = []
        #expect(faults(light).contains(.missingConstants))
        var stray = sound
        stray.placement.activations = "flash"
        #expect(faults(stray).contains(.wrongMemory("flash")))
        var reordered = sound
        reordered.layers.swapAt(0, 1)
        #expect(faults(reordered) == [.otherLayers])
    }
}
