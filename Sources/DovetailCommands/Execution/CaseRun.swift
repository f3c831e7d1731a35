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
    /// What counts the events of every case; nil when nobody asks.
    let counter: EventCounter?

    /// What is counted over all cases.
    struct Result {
        var accuracy: Accuracy?
        var digest: Digest
        /// Time spent in the network alone.
        var seconds: Double
        /// Of every case, when asked for.
        var events: EventCounts?
    }

    /// Cases whose inputs are in memory at once: few enough for a cache, more where more threads wait at each pause.
    private var chunk: Int {
        let network = interpreter.network
        let bytes = network.inputs.reduce(1) { $0 + network[$1].shape.elementCount * network[$1].elementType.byteCount }
        return min(
            max(128, 8 * threads * interpreter.batchCases, threads * threads * CaseRun.chunkBytes / bytes),
            CaseRun.largestChunk)
    }

    private static let chunkBytes = 512 << 10
    private static let largestChunk = 1 << 14

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
            let batches = batches(of: start..<min(start + chunk, cases.count))
            let inputs = try mapCases(batches.count, threads: threads) { try cases.batch(batches[$0]) }
            let clock = ContinuousClock()
            let begin = clock.now
            let results = try mapCases(batches.count, threads: threads) { index in
                defer { progress.advance(by: batches[index].count) }
                return try execute(inputs[index], tracing: isTracing)
            }
            seconds += begin.duration(to: clock.now).seconds
            for (range, result) in zip(batches, results) {
                let records = result.outputs.records
                hasher.update(records)
                try outputs?.append(records)
                for values in result.traces { try trace?.append(values) }
                try cases.labels.map { labels in
                    for index in range {
                        let outputs = result.outputs[index - range.lowerBound]
                        accuracy?.count(isRight: try isRight(labels[index], outputs, of: index))
                    }
                }
            }
        }
        return Result(accuracy: accuracy, digest: hasher.digest(), seconds: seconds, events: counter?.counts)
    }

    /// Neighbouring cases that run together.
    private func batches(of range: Range<Int>) -> [Range<Int>] {
        stride(from: range.lowerBound, to: range.upperBound, by: interpreter.batchCases).map {
            $0..<min($0 + interpreter.batchCases, range.upperBound)
        }
    }

    private struct BatchResult: Sendable {
        var outputs: CaseBatch
        var traces: [Trace]
    }

    private func execute(_ inputs: CaseBatch, tracing: Bool) throws -> BatchResult {
        let traces = tracing ? try (0..<inputs.count).map { try interpreter.trace(inputs[$0]) } : []
        let outputs = try counter.map { try interpreter.run(batch: inputs, counting: $0) }
        return BatchResult(outputs: try outputs ?? interpreter.run(batch: inputs), traces: traces)
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

extension CaseBatch {
    /// The tensors of one case after another, little-endian.
    fileprivate var records: Data {
        if elements.count == 1 { return Tensor(shape: [elements[0].count], elements: elements[0]).littleEndianBytes }
        return (0..<count).reduce(into: Data()) { data, index in
            for tensor in self[index] { data.append(tensor.littleEndianBytes) }
        }
    }
}

extension Duration {
    /// The duration as a number of seconds.
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
