import Execution
public import Networks
public import Tensors

/// Calibration cases with what the given network computes on them: the yardstick of damage.
public struct ProbeSet: Sendable {
    /// Inputs of each case, as reals arranged for the given network.
    let cases: [[Tensor]]
    /// Output reals of the given network, by case and output.
    let references: [[[Float]]]
    let measure: DamageMeasure
    let areProbabilities: Bool

    /// Executes `network` on every case.
    public init(network: Network, cases: [[Tensor]], measure: DamageMeasure, threads: Int) throws {
        self.cases = cases
        self.measure = measure
        areProbabilities = DamageMeasure.endsInProbabilities(network)
        let interpreter = try Interpreter(network)
        references = try mapCases(cases.count, threads: threads) { index in
            ProbeSet.reals(try interpreter.run(cases[index]), of: network)
        }
    }

    /// Damage of one case in billionths of the measure, rounded; larger than any real damage for outputs that are not numbers.
    func damage(ofCase index: Int, outputs: [Tensor], network: Network) -> Int64 {
        let damage = measure.damage(
            reference: references[index], outputs: ProbeSet.reals(outputs, of: network),
            areProbabilities: areProbabilities)
        guard damage.isFinite, damage < ProbeSet.largest else { return Int64(ProbeSet.largest * ProbeSet.scale) }
        return Int64((damage * ProbeSet.scale).rounded())
    }

    private static let scale = 1e9
    private static let largest = 1e6

    private static func reals(_ outputs: [Tensor], of network: Network) -> [[Float]] {
        zip(network.outputs, outputs).map { id, tensor in
            Operand(tensor, quantization: network[id].quantization).reals
        }
    }
}

extension ProbeSet {
    /// Mean damage of `network` over all cases, in billionths of the measure.
    package func damage(of network: Network, threads: Int) throws -> Int64 {
        let interpreter = try Interpreter(network)
        let damages = try mapCases(cases.count, threads: threads) { index in
            damage(ofCase: index, outputs: try interpreter.run(cases[index]), network: network)
        }
        return damages.reduce(0, +) / Int64(max(1, damages.count))
    }
}
