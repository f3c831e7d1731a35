import Foundation
import Scheduling

let question = try JSONDecoder().decode(Question.self, from: FileHandle.standardInput.readDataToEndOfFile())
var answers: [Answer] = []
for layer in question.layers {
    let problem = LoopProblem(
        loops: layer.loops, array: question.array,
        widths: .init(
            weights: question.weightBits, inputs: question.inputBits, outputs: question.outputBits,
            sums: question.sumBits),
        memoryReadEnergy: question.memoryReadEnergy, memoryWriteEnergy: question.memoryWriteEnergy,
        memoryWordBits: question.memoryWordBits)
    var best = Double.infinity
    var found: LoopMapping?
    for _ in 0..<7 {
        let start = ContinuousClock.now
        found = LoopSearch(problem).run()
        best = min(best, (ContinuousClock.now - start) / .milliseconds(1))
    }
    guard let found else { continue }
    let peer = layer.peer.map { cuts in
        LoopAccesses(
            LoopMapping(unrolled: found.unrolled, cuts: cuts, steps: found.steps, proof: found.proof), of: problem
        ).energy(on: problem) / 1000
    }
    answers.append(
        Answer(
            name: layer.name, cost: found.proof.cost / 1000, lowerBound: found.proof.lowerBound / 1000,
            represented: found.proof.represented, peerCost: peer, milliseconds: best, mapping: found))
}
let encoder = JSONEncoder()
encoder.outputFormatting = [.sortedKeys]
FileHandle.standardOutput.write(try encoder.encode(answers))
