public import Compression
public import Networks

/// Observes activations by running networks on calibration cases.
public struct CalibrationRuns: ActivationObserver {
    private let cases: any Dataset
    private let threads: Int

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
}
