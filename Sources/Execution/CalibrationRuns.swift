public import Compression
public import Networks
public import Tensors

/// Observes activations by running networks on calibration cases.
public struct CalibrationRuns: ActivationObserver {
    private let cases: any Dataset
    private let threads: Int

    /// Numbers that are held of cases that ran at once, unless a single case has more.
    private static let mostNumbers = 1 << 23

    /// - Parameter threads: the statistics do not depend on it.
    public init(_ cases: any Dataset, threads: Int) {
        self.cases = cases
        self.threads = threads
    }

    public func statistics(of network: Network) throws -> ActivationStatistics {
        let interpreter = try Interpreter(network)
        let values = network.values.filter { $0.constant == nil }
        return try interpreter.foldCases(cases, threads: threads, into: ActivationStatistics()) { statistics, trace in
            for value in values {
                guard let tensor = trace[value.name] else { continue }
                statistics.record(Operand(tensor, quantization: value.quantization).reals, of: value.name)
            }
        } merge: {
            $0.merge($1)
        }
    }

    public func observe(_ values: [ValueID], of network: Network, _ body: ([Tensor]) throws -> Void) throws {
        let interpreter = try Interpreter(network.computing(values))
        let numbers = values.reduce(1) { $0 + network[$1].shape.elementCount }
        let chunk = max(1, min(max(threads, 1) * 4, Self.mostNumbers / numbers))
        for start in stride(from: 0, to: cases.count, by: chunk) {
            let results = try mapCases(min(chunk, cases.count - start), threads: threads) { index in
                let outputs = try interpreter.run(cases.case(at: start + index))
                return zip(values, outputs).map { id, output in
                    Tensor(output.shape, Operand(output, quantization: network[id].quantization).reals)
                }
            }
            for tensors in results { try body(tensors) }
        }
    }
}
