import Scheduling
import Workloads

/// The walk over a plan that decides what is staged, then costs each step.
struct PlanPass {
    let plan: NetworkPlan
    let timing: BlockTiming
    let memories: EngineMemories

    /// The cost of each step.
    ///
    /// - Parameter isAlone: the only layer has neighbours: its maps are staged, and it is not the first.
    func costs(_ workload: Workload, slack: (cycles: Int, bytes: Int), isAlone: Bool) -> [StepCost] {
        let limit = memories.stagingSize
        var left = slack
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
        let staged = staging(workload, answers, isAlone: isAlone)
        return zip(questions, answers).map { question, answer in
            let final = places(of: question.step) { root in staged[root] ? memories.staging : memories.maps }
            return StepCost(question, final, answer)
        }
    }

    private func staging(_ workload: Workload, _ answers: [WeightBuffering?], isAlone: Bool) -> [Bool] {
        guard memories.stagesMaps else { return [Bool](repeating: false, count: plan.roots.count) }
        return MapStaging(
            plan, workload, limit: memories.stagingSize, weightBytes: answers.map { $0?.bytes ?? 0 }
        ).isStaged
    }

    private func places(of step: BlockStep, _ memory: (Int) -> MemoryPort) -> BlockTiming.Places {
        func place(_ root: Int?, isConstant: Bool = false) -> MapPlace {
            guard let root else {
                return MapPlace(isConstant ? memories.constants : memories.staging, isLinear: isConstant)
            }
            return MapPlace(memory(root), isLinear: plan.isLinear[root])
        }
        let second = step.operation.second.map { _ in place(step.second, isConstant: step.second == nil) }
        return BlockTiming.Places(
            input: place(step.input), second: second, output: place(step.output),
            constants: step.operation.hasWeights ? memories.constants : nil)
    }
}
