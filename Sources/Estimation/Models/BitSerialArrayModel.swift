import Hardware
import Quantities
public import Scheduling
public import Workloads

/// An array that multiplies digit by digit: cycles follow the bits of each operand.
///
/// Cycles are the closed form of `BitPasses`: tiles of outputs, steps along the reduction, and passes over pairs of digits,
/// by the bits set where the machine skips zero bits; then whatever the memory behind takes longer. Formulas follow the papers
/// of BISMO (FPL 2018), Stripes (MICRO 2016), UNPU (JSSC 2019), Bit Fusion (ISCA 2018), Pragmatic (MICRO 2017) and
/// Laconic (ISCA 2019). It is *not* a simulator: conversion between layouts is free, tiles at the edges cost as much as full
/// ones, set bits are independent of each other. Nothing in it is fitted.
public struct BitSerialArrayModel: CostModel {
    public let name = "bitSerialArray"
    public let scheduler: Scheduler
    private let array: BitSerialArray
    private let machine: LaneMachine

    init(device: Device, array: BitSerialArray) throws(EstimateRefusal) {
        self.array = array
        scheduler = Scheduler(device: device, engine: array)
        machine = LaneMachine(
            device, weightBuffer: array.weightBuffer, activationBuffer: array.activationBuffer,
            outputsPerCycle: array.columns)
        if let memory = machine.memory.stopped {
            throw .noRate(device: device.name, what: "a bandwidth of memory '\(memory.name)'")
        }
    }

    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        let form = try array.form(for: operands).get().form
        if case .bitPasses(let passes) = form { return cost(of: operands, passes, placement) }
        if case .stream(let elements) = form { return machine.stream(elements, of: operands, placement) }
        return machine.nothing(named: operands.layer.name)
    }

    public var perInference: LayerEstimate { machine.nothing(named: "inference") }

    public func assumptions(about workload: Workload) -> [String] {
        let layers = workload.layers.filter { $0.macs > 0 }
        var sentences = ["The energy of a product is in proportion to its pairs of digits."]
        let (weights, activations): (Bool, Bool)
        switch array.zeroBits {
        case .counted: (weights, activations) = (false, false)
        case .skippedInActivations: (weights, activations) = (false, true)
        case .skippedInWeights: (weights, activations) = (true, false)
        case .skippedInBoth: (weights, activations) = (true, true)
        }
        if weights || activations { sentences.append("Set bits of operands are independent of each other.") }
        if activations, layers.contains(where: { $0.activationSetBits?.origin != .executed }) {
            sentences.append("Activations whose set bits nobody counted have all bits set unless they are zero.")
        }
        if weights, layers.contains(where: { $0.weights?.nonzeros?.setBits == nil }) {
            sentences.append("Weights whose set bits nobody counted have all bits set unless they are zero.")
        }
        if workload.layers.contains(where: { $0.macs == 0 && $0.computeClass != .free }) {
            sentences.append("Layers without products stream one element a cycle through each column.")
        }
        return sentences + machine.assumptions
    }

    private func cost(of operands: LayerOperands, _ passes: BitPasses, _ placement: Placement) -> LayerEstimate {
        var cycles = CycleBreakdown()
        cycles[.multiplication] = passes.multiplyCycles
        cycles[.fillDrain] = passes.latencyCycles
        let layer = operands.layer
        let places = Double(passes.tiles) * Double(passes.steps) * Double(array.rows * array.columns * passes.lanes)
        let busy = Double(passes.multiplyCycles) / Double(max(1, passes.cycles))
        let weightBits = (layer.weights?.elements ?? 0) * (layer.weights?.elementBits ?? 0)
        return machine.estimate(
            LaneMachine.Run(
                kernel: "bitPasses", cycles: cycles, executedMacs: layer.macs,
                products: Double(layer.macs) * passes.digitShare,
                multipliedBits: (array.weightBits.count, array.activationBits.count),
                utilization: Double(layer.macs) / max(1, places) * busy,
                weightBits: weightBits, weightReadBits: passes.weightReadBits,
                activationReadBits: passes.activationReadBits), of: operands, placement)
    }
}
