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
        guard cases.labels != nil else { return nil }
        return try Interpreter(network).accuracy(on: cases, threads: threads)
    }
}
