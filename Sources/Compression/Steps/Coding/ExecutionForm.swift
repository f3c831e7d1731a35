import Diagnostics
import Networks
import Tensors

/// Integer weights are multiplied in a form of their own; neither they nor the results change.
///
/// Tables are found in the weights themselves. Storage is another matter: how weights lie in memory is `storage-coding`.
public struct ExecutionForm: CompressionStep {
    /// The form asked for.
    public enum Form: String, Sendable, Hashable, Codable, CaseIterable {
        /// Each weight for itself.
        case elements
        case codebook
        case productCodebook
        case ternary
        case powersOfTwo
    }

    public static let description = StepDescription(
        name: "execution-form",
        summary:
            "Multiplies weights in a form of their own: by shared values, vectors, signs with two levels, or shifts",
        citation:
            "Han, Mao, Dally: Deep Compression, 2016; Wu et al.: Quantized CNN, 2016; Zhu et al.: Trained Ternary "
            + "Quantization, 2017; Zhou et al.: Incremental Network Quantization, 2017",
        parameters: [
            ParameterDescription(
                "form", "The form", .choice(Form.allCases.map(\.rawValue), default: Form.codebook.rawValue)),
            ParameterDescription("length", "Weights of a vector of a product codebook", .integer(1...64, default: 4)),
        ], categories: [.coding], profits: [.tableLookup])

    public var layers: LayerSelection
    public var form: Form
    /// 1...64.
    public var length: Int

    public init(layers: LayerSelection = .all, form: Form = .codebook, length: Int = 4) {
        self.layers = layers
        self.form = form
        self.length = length
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers, form: parameters.choice("form"), length: parameters.integer("length") ?? 4)
    }

    public var parameters: [String: ParameterValue] {
        ["form": .text(form.rawValue), "length": .number(Double(length))]
    }

    public var category: StepCategory { .coding }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        var result = compressed
        let admitted = try self.layers.admit(layers, to: Self.description.name) {
            refusal(of: $0, in: compressed.network)
        }
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer),
                let rows = WeightRows(of: result.network.nodes[place], in: result.network),
                let id = result.ownWeights(ofNodeAt: place)
            else { continue }
            result.network[id].form = weightForm(of: rows)
        }
        return StepOutcome(result, touched: admitted)
    }

    /// Why a layer's weights cannot take the form, or nil if they can.
    private func refusal(of layer: String, in network: Network) -> String? {
        guard let place = network.place(ofLayer: layer), let id = network.nodes[place].weights,
            let rows = WeightRows(of: network.nodes[place], in: network)
        else { return "its weights are not constant integers" }
        guard network[id].quantization?.zeroPoints.allSatisfy({ $0 == 0 }) ?? false else {
            return "the zero point of its weights is not 0"
        }
        if form == .elements { return nil }
        guard let found = weightForm(of: rows) else { return "its weights have not the form '\(form.rawValue)'" }
        return found.fault(of: rows)
    }

    private func weightForm(of rows: WeightRows) -> WeightForm? {
        switch form {
        case .elements: nil
        case .codebook: .codebook(Codebook(of: rows))
        case .productCodebook: ProductCodebook(of: rows, length: length).map { .productCodebook($0) }
        case .ternary: TernaryLevels(of: rows).map { .ternary($0) }
        case .powersOfTwo: .powersOfTwo(PowersOfTwo())
        }
    }
}
