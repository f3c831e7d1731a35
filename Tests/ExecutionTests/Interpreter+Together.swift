import Execution
import Tensors
import Testing

extension Interpreter {
    /// The outputs of cases of one kind that are executed as one batch.
    func run(together cases: [[Tensor]]) throws -> [[Tensor]] {
        let outputs = try run(batch: try #require(CaseBatch(joining: cases)))
        return (0..<outputs.count).map { outputs[$0] }
    }
}
