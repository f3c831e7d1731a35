public import Execution

/// What an execution gave.
public struct RunReport: Report {
    public var network: String
    /// The name of the arithmetic.
    public var arithmetic: String
    public var inferences: Int
    /// nil without labels.
    public var accuracy: Accuracy?
    public var seconds: Double
    /// Multiply-accumulates of one inference, every weight counted.
    public var macs: Int
    public var outputDigest: String
    /// What occurred in the cases that were counted.
    public var events: EventCounts
    /// The nodes whose events the text lists, in order.
    public var layersShown: [String]

    public init(
        network: String, arithmetic: String, inferences: Int, accuracy: Accuracy?, seconds: Double, macs: Int,
        outputDigest: String, events: EventCounts, layersShown: [String] = []
    ) {
        self.network = network
        self.arithmetic = arithmetic
        self.inferences = inferences
        self.accuracy = accuracy
        self.seconds = seconds
        self.macs = macs
        self.outputDigest = outputDigest
        self.events = events
        self.layersShown = layersShown
    }

    private enum Key: String, CodingKey {
        case network, arithmetic, inferences, accuracy, seconds, macs, macsPerSecond, outputDigest, events
    }

    private enum AccuracyKey: String, CodingKey {
        case correct, total, top1
    }

    private var macsPerSecond: Double { seconds > 0 ? Double(macs) * Double(inferences) / seconds : 0 }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(network, forKey: .network)
        try container.encode(arithmetic, forKey: .arithmetic)
        try container.encode(inferences, forKey: .inferences)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(macs, forKey: .macs)
        try container.encode(macsPerSecond, forKey: .macsPerSecond)
        try container.encode(outputDigest, forKey: .outputDigest)
        try container.encode(events, forKey: .events)
        if let accuracy {
            var nested = container.nestedContainer(keyedBy: AccuracyKey.self, forKey: .accuracy)
            try nested.encode(accuracy.correct, forKey: .correct)
            try nested.encode(accuracy.total, forKey: .total)
            try nested.encode(accuracy.top1, forKey: .top1)
        }
    }

    public var text: String {
        var lines = [
            "network     \(network)",
            "arithmetic  \(arithmetic)",
            "inferences  \(Figures.grouped(inferences))",
        ]
        if let accuracy {
            lines.append(
                "accuracy    \(Figures.percentage(accuracy.top1, decimals: 2))  "
                    + "(\(accuracy.correct) of \(accuracy.total))")
        }
        lines += [
            "time        \(Figures.scaled(seconds, unit: "s"))  (\(Figures.scaled(macsPerSecond, unit: "MAC/s")))",
            "outputs     \(outputDigest)",
        ]
        let (elements, zeros, saturated) = events.activations.values.reduce((0, 0, 0)) { sums, counts in
            (sums.0 + counts.elements, sums.1 + counts.zeros, sums.2 + counts.saturated)
        }
        if elements > 0 {
            lines.append(
                "events      zeros \(Figures.percentage(Double(zeros) / Double(elements))), saturated "
                    + "\(Figures.percentage(Double(saturated) / Double(elements)))"
                    + " of all activations in \(events.cases < inferences ? "the first " : "")"
                    + "\(Figures.grouped(events.cases)) cases")
        }
        return lines.map { $0 + "\n" }.joined() + EventTable(events, layers: layersShown).text
    }
}
