public import Networks
import Tensors

/// What a network is: totals and layers.
public struct NetworkReport: Report {
    public var network: String
    public var summary: NetworkSummary
    public var inputs: [Port]
    public var outputs: [Port]

    /// An input or output of the network.
    public struct Port: Encodable, Sendable {
        var name: String
        var shape: [Int]
        var elementType: String
        var bits: Int
        var scale: Float?
        var zeroPoint: Int?

        init(_ value: Value) {
            name = value.name
            shape = value.shape.extents
            elementType = value.elementType.rawValue
            bits = value.elementBits
            scale = value.quantization?.scale
            zeroPoint = value.quantization?.zeroPoint
        }

        var text: String {
            let grid = scale.map { ", scale \($0), zero point \(zeroPoint ?? 0)" } ?? ""
            return "\(name)  \(shape.map(String.init).joined(separator: "x"))  \(elementType)\(grid)"
        }
    }

    /// - Parameter name: the network as the user named it.
    public init(name: String, network: Network) {
        self.network = name
        summary = NetworkSummary(network)
        inputs = network.inputs.map { Port(network[$0]) }
        outputs = network.outputs.map { Port(network[$0]) }
    }

    private enum Key: String, CodingKey {
        case network, inputs, outputs
    }

    public func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(network, forKey: .network)
        try container.encode(inputs, forKey: .inputs)
        try container.encode(outputs, forKey: .outputs)
    }
}

extension NetworkReport {
    public var text: String {
        var table = TextTable([
            .left("layer"), .left("operator"), .left("input"), .left("output"), .right("MACs"), .right("parameters"),
            .right("weight bits"), .right("activation bits"), .right("zeros"), .right("entropy"),
        ])
        for layer in summary.layers { table.append(Self.cells(layer)) }
        table.appendRule()
        table.append([
            "total", "", "", "", Figures.grouped(summary.totals.macs), Figures.grouped(summary.totals.parameters),
        ])
        let ports =
            inputs.map { "input   \($0.text)" } + outputs.map { "output  \($0.text)" }
        return "\(network)\n" + ports.map { $0 + "\n" }.joined() + "\n" + table.text + "\n" + totals
    }

    private static func cells(_ layer: NetworkSummary.Layer) -> [String] {
        let hasWeights = layer.weightBits > 0
        return [
            layer.name, layer.operator, "\(layer.inputShape)", "\(layer.outputShape)",
            layer.macs > 0 ? Figures.grouped(layer.macs) : "",
            layer.parameters > 0 ? Figures.grouped(layer.parameters) : "",
            hasWeights ? "\(layer.weightBits)" : "", "\(layer.activationBits)",
            hasWeights ? Figures.percentage(layer.weightZeroFraction) : "",
            hasWeights ? Figures.decimal(layer.weightEntropyBits, decimals: 2) : "",
        ]
    }

    private var totals: String {
        let totals = summary.totals
        let lines = [
            "MACs              \(Figures.grouped(totals.macs))"
                + "  (convolutions \(Figures.grouped(totals.convMacs)), fully connected \(Figures.grouped(totals.fcMacs)))",
            "parameters        \(Figures.grouped(totals.parameters))"
                + "  (convolutions \(Figures.grouped(totals.convParameters)),"
                + " fully connected \(Figures.grouped(totals.fcParameters)))",
            "weights           \(Figures.grouped(totals.weightBytes)) bytes",
            "peak activations  \(Figures.grouped(totals.peakActivationBytes)) bytes",
        ]
        return lines.map { $0 + "\n" }.joined()
    }
}
