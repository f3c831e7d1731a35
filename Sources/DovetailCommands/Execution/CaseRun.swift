import Diagnostics
import Digests
import Execution
import Foundation
import Networks
import Tensors

/// Executes a network on cases, chunk by chunk, so that memory does not grow with their number.
struct CaseRun {
    let interpreter: Interpreter
    let cases: LabelledCases
    /// The file that labels come from, for findings.
    let labelFile: String
    let threads: Int

    /// What is counted over all cases.
    struct Result {
        var accuracy: Accuracy?
        var digest: Digest
        /// Time spent in the network alone.
        var seconds: Double
    }

    /// Cases whose inputs are in memory at once.
    private var chunk: Int { max(128, 4 * threads * interpreter.batchCases) }

    /// Runs every case and hands the records of each chunk to `recorders`, in the order of the cases.
    ///
    /// - Throws: `Diagnostics` for a case or a label that the network cannot take.
    func run(progress: ProgressDisplay, outputs: RecordFile?, trace: TraceFolder?) throws -> Result {
        defer { progress.finish() }
        var hasher = Digest.Hasher()
        var accuracy = cases.labels.map { _ in Accuracy() }
        var seconds = 0.0
        let isTracing = trace != nil
        for start in stride(from: 0, to: cases.count, by: chunk) {
            let count = min(chunk, cases.count - start)
            let inputs = try mapCases(count, threads: threads) { try cases.case(at: start + $0) }
            let clock = ContinuousClock()
            let begin = clock.now
            let results = try execute(inputs, tracing: isTracing, progress: progress)
            seconds += begin.duration(to: clock.now).seconds
            for (index, result) in results.enumerated() {
                let record = result.outputs.reduce(into: Data()) { $0.append($1.littleEndianBytes) }
                hasher.update(record)
                try outputs?.append(record)
                if let values = result.trace { try trace?.append(values) }
                if let label = cases.labels?[start + index] {
                    accuracy?.count(isRight: try isRight(label, result.outputs, of: start + index))
                }
            }
        }
        return Result(accuracy: accuracy, digest: hasher.digest(), seconds: seconds)
    }

    private struct CaseResult: Sendable {
        var outputs: [Tensor]
        var trace: Trace?
    }

    /// The results of some cases in their order, batch by batch.
    private func execute(_ inputs: [[Tensor]], tracing: Bool, progress: ProgressDisplay) throws -> [CaseResult] {
        if tracing {
            return try mapCases(inputs.count, threads: threads) { index in
                defer { progress.advance() }
                return try traced(inputs[index])
            }
        }
        let size = interpreter.batchCases
        let batches = try mapCases((inputs.count + size - 1) / size, threads: threads) { batch in
            let cases = Array(inputs[batch * size..<min((batch + 1) * size, inputs.count)])
            defer { progress.advance(by: cases.count) }
            return try interpreter.run(batch: cases)
        }
        return batches.flatMap { $0.map { CaseResult(outputs: $0) } }
    }

    private func traced(_ inputs: [Tensor]) throws -> CaseResult {
        let trace = try interpreter.trace(inputs)
        let network = interpreter.network
        let outputs = network.outputs.compactMap { trace[network[$0].name] ?? network[$0].constant }
        return CaseResult(outputs: outputs, trace: trace)
    }

    private func isRight(_ label: Int, _ outputs: [Tensor], of place: Int) throws -> Bool {
        guard let scores = outputs.first, let answer = scores.largestPlace else { return false }
        guard label >= 0, label < scores.shape.elementCount else {
            throw Diagnostics([
                Diagnostic(
                    "label \(label) of case \(place) is none of the network's classes 0...\(scores.shape.elementCount - 1)",
                    at: SourceLocation(file: labelFile))
            ])
        }
        return answer == label
    }
}

extension Duration {
    /// The duration as a number of seconds.
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
