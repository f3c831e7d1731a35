import Hardware
import Quantities
public import Scheduling
public import Workloads

/// A dataflow pipeline in programmable logic: a stage a layer, folded onto elements and lanes, all at work at once.
///
/// A stage is busy `vectors x ceil(rows / elements) x ceil(columns / lanes)` cycles a frame, or as long as its window
/// generator is (FINN, FPGA 2017; FINN-R, TRETS 2018). Frames follow each other in the interval of the slowest stage or of
/// the port; one frame alone takes the fill of the pipeline, and a layer's cycles are what it adds to that. Resources are
/// closed formulas (`StageShape.resources`): on six implemented designs lookup tables are off by -28 % to +49 %, block memories
/// by -19 % to +37 % (`Traces/boards/finn.csv`). It is *not* a place and route: no clock is promised, FIFOs between stages and beside branches
/// cost nothing, and every lookup table of the part is taken to be usable.
public struct DataflowPipelineModel: CostModel {
    public let name = "dataflowPipeline"
    public let scheduler: Scheduler
    private let pipeline: Pipeline
    private let rail: ProcessorEnergy

    /// - Throws: `EstimateRefusal.noRate` for an input bandwidth or a port of zero.
    init(device: Device, logic: ProgrammableLogic) throws(EstimateRefusal) {
        if let rate = logic.inputBandwidth?.bytesPerCycle(at: device.clock), rate <= 0 {
            throw .noRate(device: device.name, what: "an input bandwidth")
        }
        if let port = logic.port, port.count <= 0 { throw .noRate(device: device.name, what: "a port width") }
        pipeline = Pipeline(logic, clock: device.clock)
        scheduler = Scheduler(device: device, engine: pipeline)
        rail = ProcessorEnergy(facts: device.energy, clock: device.clock)
    }

    /// One layer that has the whole chip for itself: its share of a pipeline is known for whole networks only.
    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        guard case .stage(let stage) = try pipeline.form(for: operands).get().form else {
            return estimate(operands.layer, .none, busy: 0, waiting: 0)
        }
        return estimate(operands.layer, stage, busy: stage.interval, waiting: 0)
    }

    /// What each layer adds to the time of one frame.
    public func costs(of workload: Workload, schedule: Schedule) throws(UnsupportedLayers) -> [LayerEstimate] {
        let timing = pipeline.timing(of: workload, forms: schedule.layers.map(\.form))
        var done = 0
        return workload.layers.indices.map { index in
            let layer = workload.layers[index]
            guard case .stage(let stage) = schedule.layers[index].form else {
                return estimate(layer, .none, busy: 0, waiting: 0)
            }
            let added = max(0, timing.spans[index].last - done)
            // The transfer of the frame is waited for until the first stage begins.
            let waiting = done == 0 ? min(added, max(0, added - stage.interval)) : 0
            done = max(done, timing.spans[index].last)
            let leaving = index == workload.layers.count - 1 ? timing.outputCycles : 0
            return estimate(layer, stage, busy: added - waiting, waiting: waiting + leaving)
        }
    }

    public func throughput(of workload: Workload, schedule: Schedule) -> Throughput? {
        let timing = pipeline.timing(of: workload, forms: schedule.layers.map(\.form))
        guard timing.interval > 0 else { return nil }
        let hertz = Double(pipeline.clock.hertz)
        var perSecond = hertz / Double(timing.interval)
        if let frames = pipeline.logic.framesPerCall {
            let cycles =
                Double(pipeline.logic.callOverhead) + Double(timing.latency)
                + Double(frames - 1) * Double(timing.interval)
            perSecond = hertz * Double(frames) / cycles
        }
        return Throughput(
            intervalCycles: timing.interval, framesPerSecond: perSecond,
            isProved: !schedule.layers.contains {
                if case .stage(let stage) = $0.form { !stage.isProved } else { false }
            },
            bound: bound(timing),
            slowestLayer: timing.slowestLayer.map { workload.layers[$0].name },
            slowestStageCycles: timing.slowestStage, inputCycles: timing.inputCycles,
            outputCycles: timing.outputCycles,
            energyPerFrameJoules: rail.rail.map { known in
                Double(known.power.nanowatts) * 1e-9 / Double(max(1, known.clock.hertz)) * hertz / perSecond
            })
    }

    public var perInference: LayerEstimate {
        LayerEstimate(
            name: "inference", kernel: "none", cycles: CycleBreakdown(),
            energy: rail.rail == nil ? nil : .init(), utilization: 0, macs: 0, executedMacs: 0)
    }

    public func assumptions(about workload: Workload) -> [String] {
        var sentences = [
            "Resources are formulas, not a synthesis; the clock is taken to be reached, and all of the part to be usable.",
            "Buffers between stages are deep enough and cost nothing; weights lie in the logic.",
        ]
        if pipeline.logic.port == nil, pipeline.logic.inputBandwidth == nil {
            sentences.append("Frames enter in no time: the profile states neither a port nor a rate.")
        }
        if pipeline.leavesLayersToTheHost(workload) {
            sentences.append("Exponentials and float layers are computed by the processor, outside the estimate.")
        }
        if let known = rail.rail {
            sentences += known.assumptions
            sentences.append("The whole supply rail is drawn for the time of one frame; frames in a row share it.")
        }
        return sentences
    }

    private func bound(_ timing: PipelineTiming) -> Throughput.Bound {
        if timing.slowestStage == timing.interval { return .stage }
        return timing.inputCycles == timing.interval ? .inputStream : .outputStream
    }

    private func estimate(
        _ layer: WorkloadLayer, _ stage: PipelineStage?, busy: Int, waiting: Int
    ) -> LayerEstimate {
        var cycles = CycleBreakdown()
        cycles[layer.macs > 0 ? .multiplication : .elementStream] = busy
        cycles[.memoryBandwidth] = waiting
        let kernel: String
        var utilization = 0.0
        if let stage, stage.interval > 0 {
            kernel = "\(stage.elements) x \(stage.lanes)"
            let peak = Double(stage.elements * stage.lanes) * Double(stage.interval)
            utilization = min(1, Double(layer.macs) / max(1, peak))
        } else {
            kernel = stage == nil ? "none" : "host"
        }
        let energy = rail.rail.map { known in
            EnergyBreakdown(compute: rail.drawn(known.power, cycles.total, at: known.clock))
        }
        return LayerEstimate(
            name: layer.name, kernel: kernel, cycles: cycles, energy: energy, utilization: utilization,
            macs: layer.macs, executedMacs: layer.macs)
    }
}
