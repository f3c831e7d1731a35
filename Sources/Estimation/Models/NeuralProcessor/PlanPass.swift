import Scheduling

/// The walk over a plan that decides what is staged, then costs each step.
struct PlanPass {
    let plan: NetworkPlan
    let timing: BlockTiming
    let memories: EngineMemories

    /// The cost of each step.
    ///
    /// - Parameter isAlone: the only layer has neighbours: its maps are staged, and it is not the first.
    func costs(isAlone: Bool) -> [StepCost] {
        let limit = memories.stagingSize
        var left = isAlone ? (cycles: Int.max / 4, bytes: Int.max / 4) : (0, 0)
        var questions: [BufferingQuestion] = []
        var answers: [WeightBuffering?] = []
        for (index, step) in plan.steps.enumerated() {
            let places = places(of: step) { _ in memories.maps }
            let isFirst = index == 0 && !isAlone
            let question = BufferingQuestion(
                step: step, stream: step.stream ?? WeightStream(nil, step.operation, step.blocks, on: timing.engine),
                timing: timing, memories: memories, places: places, slack: left, isFirst: isFirst, limit: limit)
            let answer = step.stream == nil ? nil : question.answer()
            questions.append(question)
            answers.append(answer)
            let run = answer?.lastSlice ?? timing.cycles(step.operation, step.blocks, places).total
            left = (run, limit - (answer?.bytes ?? 0))
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
