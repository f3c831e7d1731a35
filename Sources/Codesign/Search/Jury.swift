public import Execution
import Networks
import Tensors

/// The labelled cases on which whole networks are judged.
public struct Jury: Sendable {
    public let cases: LabelledCases

    public init(cases: LabelledCases) {
        self.cases = cases
    }

    /// Top-1 accuracy of `network`, whose inputs may be on grids; nil without labels.
    func accuracy(of network: Network, threads: Int) throws -> Accuracy? {
        guard let labels = cases.labels else { return nil }
        let interpreter = try Interpreter(network)
        let hits = try mapCases(labels.count, threads: threads) { index in
            let outputs = try interpreter.run(network.admitted(try cases.case(at: index)))
            return outputs.first?.largestPlace == labels[index]
        }
        return Accuracy(correct: hits.count { $0 }, total: labels.count)
    }
}
