public import Hardware
public import Quantities
public import Workloads

/// Programmable logic ready to have pipelines laid out on it: one stage a layer, folded by search or as given.
public struct Pipeline: Engine {
    public let logic: ProgrammableLogic
    public let clock: Frequency
    let chip: LogicResources

    public init(_ logic: ProgrammableLogic, clock: Frequency) {
        self.logic = logic
        self.clock = clock
        chip = LogicResources(logic)
    }

    /// Activations flow between stages packed at their width; only the frame and its results lie in memory.
    public var storage: ActivationStorage { ActivationStorage(isPacked: true, alignment: 64) }

    public var streamsActivations: Bool { true }

    /// The fastest folding of one layer that has the whole chip for itself.
    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        if operands.layer.computeClass == .free { return .success(ScheduledForm(.none)) }
        if let objection = objection(to: operands) { return .failure(objection) }
        let shape = StageShape(operands)
        if let given = logic.foldings.first(where: { $0.layer == operands.layer.name }) {
            return .success(
                ScheduledForm(.stage(PipelineStage(shape, elements: given.elements, lanes: given.lanes))))
        }
        return .success(ScheduledForm(.stage(StageOptions.fastest(shape, chip: chip))))
    }

    /// The folding of least interval of all layers together.
    public func forms(for workload: Workload) -> [Result<ScheduledForm, UnsupportedLayer>] {
        let operands = workload.layers.indices.map { workload.operands(ofLayer: $0) }
        let objections = operands.map { objection(to: $0) }
        let unknown = logic.foldings.first { folding in !workload.layers.contains { $0.name == folding.layer } }
        if let unknown {
            let reason = "a folding is given for this layer, and the network has none of that name"
            return operands.map { _ in .failure(UnsupportedLayer(layer: unknown.layer, reason: reason)) }
        }
        if objections.contains(where: { $0 != nil }) {
            return objections.map { $0.map { .failure($0) } ?? .success(ScheduledForm(.none)) }
        }
        let stages = search(operands, workload).stages
        return zip(operands, stages).map { operand, stage in
            .success(ScheduledForm(operand.layer.computeClass == .free ? .none : .stage(stage)))
        }
    }

    public func resources(of forms: [Schedule.Form]) -> [ResourceUse] {
        var sum = LogicResources.shell(on: chip)
        for case .stage(let stage) in forms { sum = sum + stage.resources }
        return sum.uses(of: logic)
    }

    /// The timing of a workload whose layers have these forms.
    public func timing(of workload: Workload, forms: [Schedule.Form]) -> PipelineTiming {
        let shapes = workload.layers.indices.map { StageShape(workload.operands(ofLayer: $0)) }
        let stages = forms.map { form -> PipelineStage in
            if case .stage(let stage) = form { stage } else { .host }
        }
        return PipelineTiming(workload, stages: stages, shapes: shapes, transfer: transfer(workload, shapes))
    }

    /// `true` when some layer is work of the processor before or behind the pipeline.
    public func leavesLayersToTheHost(_ workload: Workload) -> Bool {
        workload.layers.indices.contains { index in
            workload.layers[index].computeClass != .free && StageShape(workload.operands(ofLayer: index)).kind == .host
        }
    }

    private func search(_ operands: [LayerOperands], _ workload: Workload) -> FoldingSearch.Outcome {
        let shapes = operands.map { StageShape($0) }
        let given = Dictionary(logic.foldings.map { ($0.layer, $0) }, uniquingKeysWith: { first, _ in first })
        let options = zip(operands, shapes).map { operand, shape in
            StageOptions(shape, given: given[operand.layer.name], chip: chip)
        }
        let transfer = transfer(workload, shapes)
        return FoldingSearch(
            options: options, chip: chip, base: .shell(on: chip),
            floor: max(transfer.inputCycles, transfer.outputCycles)
        ).run()
    }

    private func transfer(_ workload: Workload, _ shapes: [StageShape]) -> FrameTransfer {
        // A view is what its input is: part of the host only if no stage has come before it.
        var isHost: [Bool] = []
        for (index, shape) in shapes.enumerated() {
            let layer = workload.layers[index]
            guard layer.computeClass == .free else {
                isHost.append(shape.kind == .host)
                continue
            }
            let producer = layer.inputs.first.flatMap { workload.tensors[$0].producer }
            isHost.append(producer.map { isHost[$0] } ?? true)
        }
        return FrameTransfer(workload, isHost: isHost, logic: logic, clock: clock)
    }

    private func objection(to operands: LayerOperands) -> UnsupportedLayer? {
        let layer = operands.layer
        func refuse(_ reason: String) -> UnsupportedLayer { UnsupportedLayer(layer: layer.name, reason: reason) }
        switch layer.computeClass {
        case .convolution, .depthwise, .fullyConnected: break
        case .pooling, .elementwise, .transcendental, .dataMovement, .free: return nil
        }
        if layer.isFloat { return refuse("the pipeline multiplies integers only, and the layer computes in float") }
        if let weights = layer.weights, weights.storage != .dense {
            return refuse("the pipeline reads weights that are stored dense")
        }
        guard let given = logic.foldings.first(where: { $0.layer == layer.name }) else { return nil }
        let shape = StageShape(operands)
        if given.elements > shape.rows || given.lanes > shape.columns {
            return refuse(
                "the folding \(given.elements)x\(given.lanes) exceeds the \(shape.rows) x \(shape.columns) matrix")
        }
        return nil
    }
}
