import Foundation
import Networks

/// How far a compressed network's outputs are from the given network's on the same case.
public enum DamageMeasure: String, Sendable, Hashable, Codable {
    /// Kullback-Leibler divergence of the class probabilities, in nats; outputs that are not probabilities go through softmax.
    case divergence
    /// Squared error of the outputs over their squared length.
    case relativeSquaredError

    /// Divergence for networks whose cases have class labels, the relative error for all others.
    public static func suiting(labelled: Bool) -> DamageMeasure {
        labelled ? .divergence : .relativeSquaredError
    }

    /// The damage of one case, summed over the network's outputs; 0 when nothing changed, infinite for outputs that are not
    /// numbers.
    ///
    /// - Parameters:
    ///   - reference: the reals that the given network computed, one list an output.
    ///   - outputs: the reals that the compressed network computed.
    ///   - areProbabilities: whether each output already is a distribution over classes.
    package func damage(reference: [[Float]], outputs: [[Float]], areProbabilities: Bool) -> Double {
        zip(reference, outputs).reduce(0) { sum, pair in
            switch self {
            case .divergence:
                sum + DamageMeasure.divergence(pair.0, pair.1, areProbabilities: areProbabilities)
            case .relativeSquaredError:
                sum + DamageMeasure.relativeSquaredError(pair.0, pair.1)
            }
        }
    }

    /// Whether the network ends in softmax, so that its outputs are probabilities.
    static func endsInProbabilities(_ network: Network) -> Bool {
        let producers = network.producers
        return network.outputs.allSatisfy { output in
            producers[output].map { network.nodes[$0].operation is Softmax } ?? false
        }
    }

    /// Probabilities below this count as this, so that a quantized 0 costs much and not everything.
    private static let leastProbability = 1.0 / 1024

    private static func divergence(_ reference: [Float], _ output: [Float], areProbabilities: Bool) -> Double {
        guard let expected = distribution(reference, areProbabilities: areProbabilities),
            let given = distribution(output, areProbabilities: areProbabilities)
        else { return .infinity }
        return zip(expected, given).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
    }

    /// A distribution over classes, or nil for values that are not numbers.
    private static func distribution(_ values: [Float], areProbabilities: Bool) -> [Double]? {
        guard !values.contains(where: { $0.isNaN || $0 == .infinity }) else { return nil }
        let largest = max(Double(values.max() ?? 0), -Double(Float.greatestFiniteMagnitude))
        let weights = values.map { areProbabilities ? max(Double($0), 0) : exp(Double($0) - largest) }
        let sum = weights.reduce(0, +)
        let raised = weights.map { max(sum > 0 ? $0 / sum : 0, leastProbability) }
        let total = raised.reduce(0, +)
        return raised.map { $0 / total }
    }

    private static func relativeSquaredError(_ reference: [Float], _ output: [Float]) -> Double {
        var error = 0.0
        var length = 0.0
        for (expected, given) in zip(reference, output) {
            error += (Double(expected) - Double(given)) * (Double(expected) - Double(given))
            length += Double(expected) * Double(expected)
        }
        guard error.isFinite else { return .infinity }
        return length > 0 ? error / length : error
    }
}
