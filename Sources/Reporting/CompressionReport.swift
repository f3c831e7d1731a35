public import Compression
import Quantities
public import Workloads

/// What a recipe made of a network: per layer its size, its distortion and how it is stored.
public struct CompressionReport: Report {
    /// One layer with weights.
    public struct Layer: Encodable, Sendable {
        var name: String
        /// The layer of the given network from which it comes.
        var origin: String
        var `operator`: String
        var elements: Int
        var nonzeroElements: Int
        var weightBits: Int
        var encoding: String
        var weightBytes: Int
        var parameterBytes: Int
        /// Squared error of the weights over their squared length; nil where they cannot be compared one by one.
        var distortion: Double?
    }

    public struct Totals: Encodable, Sendable {
        var weightBytesBefore: Int
        var weightBytes: Int
        var parameterBytes: Int
        var macsBefore: Int
        var macs: Int
    }

    public var network: String
    public var output: String
    public var layers: [Layer]
    public var totals: Totals
    public var steps: [AppliedStep]

    /// - Parameters:
    ///   - before: the workload of the network as given.
    ///   - after: that of the compressed one.
    ///   - distortions: by name of the layer as given.
    public init(
        network: String, output: String, compressed: CompressedNetwork, before: Workload, after: Workload,
        distortions: [String: Double]
    ) {
        self.network = network
        self.output = output
        steps = compressed.history
        layers = after.layers.compactMap { layer in
            layer.weights.map { weights in
                let origin = compressed.origin(of: layer.name)
                return Layer(
                    name: layer.name, origin: origin, operator: layer.operatorName, elements: weights.elements,
                    nonzeroElements: weights.nonzeroElements, weightBits: weights.elementBits,
                    encoding: weights.storage.rawValue, weightBytes: weights.encodedSize.bytes.count,
                    parameterBytes: weights.parameterSize.bytes.count, distortion: distortions[origin])
            }
        }
        totals = Totals(
            weightBytesBefore: before.layers.reduce(0) { $0 + ($1.weights?.encodedSize.bytes.count ?? 0) },
            weightBytes: layers.reduce(0) { $0 + $1.weightBytes },
            parameterBytes: layers.reduce(0) { $0 + $1.parameterBytes }, macsBefore: before.macs, macs: after.macs)
    }

    private enum CodingKeys: String, CodingKey {
        case network, output, layers, totals, steps
    }

    public var text: String {
        var table = TextTable([
            .left("layer"), .left("operator"), .right("weights"), .right("not zero"), .right("bits"),
            .left("encoding"), .right("bytes"), .right("parameters"), .right("distortion"),
        ])
        for layer in layers {
            table.append([
                layer.name, layer.operator, Figures.grouped(layer.elements), Figures.grouped(layer.nonzeroElements),
                "\(layer.weightBits)", layer.encoding, Figures.grouped(layer.weightBytes),
                Figures.grouped(layer.parameterBytes), layer.distortion.map { Figures.significant($0) } ?? "-",
            ])
        }
        table.appendRule()
        table.append([
            "total", "", Figures.grouped(layers.reduce(0) { $0 + $1.elements }),
            Figures.grouped(layers.reduce(0) { $0 + $1.nonzeroElements }), "", "",
            Figures.grouped(totals.weightBytes), Figures.grouped(totals.parameterBytes),
        ])
        let (least, most) = (
            min(totals.weightBytesBefore, totals.weightBytes), max(totals.weightBytesBefore, totals.weightBytes)
        )
        let factor = least > 0 ? Double(most) / Double(least) : 1
        let change = totals.weightBytes > totals.weightBytesBefore ? "larger" : "smaller"
        let lines =
            [
                "weights  \(Figures.grouped(totals.weightBytesBefore)) -> \(Figures.grouped(totals.weightBytes)) bytes"
                    + "  (\(Figures.decimal(factor, decimals: 1)) times \(change))",
                "MACs     \(Figures.grouped(totals.macsBefore)) -> \(Figures.grouped(totals.macs))",
            ] + steps.flatMap { step in step.remarks.map { "\(step.entry.step): \($0)" } } + ["written to \(output)"]
        return table.text + "\n" + lines.map { $0 + "\n" }.joined()
    }
}
