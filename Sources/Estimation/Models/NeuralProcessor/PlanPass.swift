import Scheduling

/// The walk over a plan that decides what is staged, then costs each step.
struct PlanPass {
    private(set) var plan: NetworkPlan
    let timing: BlockTiming
    let memories: EngineMemories

    /// - Parameter isAlone: the only layer has neighbours: its maps are staged, and it is not the first.
    init(_ plan: NetworkPlan, timing: BlockTiming, memories: EngineMemories, isAlone: Bool) {
        self.plan = plan
        self.timing = timing
        self.memories = memories
        self.isAlone = isAlone
        if memories.stagesMaps, !isAlone { copyInputs() }
    }

    private let isAlone: Bool

    /// Copies inputs of the network that are better read from the staging memory.
    private mutating func copyInputs() {
        var index = 0
        while index < plan.steps.count {
            let step = plan.steps[index]
            if let root = step.input, root < plan.copies, plan.isInput[root], step.stream != nil {
                let copy = EngineOperation(
                    .pooling, input: step.operation.input, output: step.operation.input,
                    inputBits: step.operation.inputBits, outputBits: step.operation.inputBits)
                let made = BlockStep(copy, layer: step.layer, weights: nil, on: timing.engine)
                if let made, question(step, slack: (0, 0), isFirst: index == 0).copiesInput(by: copy, made.blocks) {
                    plan.copyInput(ofStep: index, by: made)
                    index += 1
                }
            }
            index += 1
        }
    }

    private func question(_ step: BlockStep, slack: (cycles: Int, bytes: Int), isFirst: Bool) -> BufferingQuestion {
        let places = places(of: step) { $0 < plan.copies ? memories.maps : memories.staging }
        return BufferingQuestion(
            step: step, stream: step.stream ?? WeightStream(nil, step.operation, step.blocks, on: timing.engine),
            timing: timing, memories: memories, places: places, slack: slack, isFirst: isFirst,
            limit: memories.stagingSize)
    }

    /// The cost of each step.
    func costs() -> [StepCost] {
        let limit = memories.stagingSize
        var left = isAlone ? (cycles: Int.max / 4, bytes: Int.max / 4) : (0, 0)
        var questions: [BufferingQuestion] = []
        var answers: [WeightBuffering?] = []
        for (index, step) in plan.steps.enumerated() {
            let question = question(step, slack: left, isFirst: index == 0 && !isAlone)
            let answer = step.stream == nil ? nil : question.answer()
            questions.append(question)
            answers.append(answer)
            let isCopy = step.output.map { $0 >= plan.copies } ?? false
            let run = answer?.lastSlice ?? timing.cycles(step.operation, step.blocks, question.places).total
            left = (isCopy ? 0 : run, limit - (answer?.bytes ?? 0))
        }
        let staged = staging(answers)
        return zip(questions, answers).map { question, answer in
            let final = places(of: question.step) { root in staged[root] ? memories.staging : memories.maps }
            return StepCost(question, final, answer)
        }
    }

    private func staging(_ answers: [WeightBuffering?]) -> [Bool] {
        guard memories.stagesMaps else { return [Bool](repeating: false, count: plan.roots.count) }
        return MapStaging(
            plan, limit: memories.stagingSize, weightBytes: answers.map { $0?.bytes ?? 0 }
        ).isStaged
    }

    private func places(of step: BlockStep, _ memory: (Int) -> MemoryPort) -> BlockTiming.Places {
        func place(_ root: Int?, isConstant: Bool = false) -> MapPlace {
            guard let root else {
                return MapPlace(isConstant ? memories.constants : memories.staging, isLinear: isConstant)
            }
            return MapPlace(memory(root), isLinear: plan.isLinear[root])
        }
        let second = step.operation.second.map { _ in place(step.second, isConstant: step.operation.secondIsConstant) }
        return BlockTiming.Places(
            input: place(step.input), second: second, output: place(step.output),
            constants: step.operation.hasWeights ? memories.constants : nil)
    }
}
