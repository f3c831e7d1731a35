import Diagnostics
import Networks
import Tensors

/// A fully connected layer becomes a train of small ones, with transpositions in between.
///
/// Outputs and inputs are numbered by as many digits each; core `k` multiplies input digit `k` and the bond behind it, from the
/// last core to the first, and its output digit moves to the front. No layer multiplies with the whole matrix. Cores are those
/// of singular values one bond after the other; at full ranks the train is lossless. Weights: the sum of
/// `rank_(k-1) * m_k * n_k * rank_k` for `outputs * inputs`.
public struct TensorTrainDecomposition: CompressionStep {
    public static let description = StepDescription(
        name: "tensor-train",
        summary: "Splits a fully connected layer in a train of small ones over digits of inputs and outputs",
        citation: "Novikov, Podoprikhin, Osokin, Vetrov: Tensorizing Neural Networks, 2015",
        parameters: [
            ParameterDescription(
                "rank", "The most between two cores; give this or a fraction", .integer(1...1_048_576, default: nil)),
            ParameterDescription(
                "fraction", "Part of the full rank kept between any two cores; give this or a rank",
                .number(0.0001...1, default: nil)),
            ParameterDescription("cores", "Cores, where no factors are given", .integer(2...12, default: 2)),
            ParameterDescription(
                "factors",
                "Digits: input1, input2 ... and output1, output2 ..., as many of each; as equal as can be when left out",
                .table(1...1_048_576)),
        ], categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    private let rank: Rank
    private let cores: Int
    private let factors: [String: Int]

    /// - Parameters: give either `rank` or `fraction` of the full ranks, above 0 to 1.
    public init(
        layers: LayerSelection, rank: Int? = nil, fraction: Double? = nil, cores: Int = 2, factors: [String: Int] = [:]
    ) {
        self.layers = layers
        self.rank = Rank(rank: rank, fraction: fraction)
        self.cores = cores
        self.factors = factors
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, rank: parameters.integer("rank"), fraction: parameters.number("fraction"),
            cores: parameters.integer("cores") ?? 2, factors: parameters.table("factors"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters = rank.parameters
        parameters["cores"] = .integer(cores)
        if !factors.isEmpty { parameters["factors"] = .table(factors) }
        return parameters
    }

    public var category: StepCategory { .decomposition }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "the tensor train") { layer in
            compressed.network.floatLayer(layer)?.node.operation is FullyConnected
                ? nil : "not a fully connected layer in float"
        }
        var result = compressed
        var remarks: [String] = []
        let touched = try result.replaceInTurn(admitted) { network, node, weights in
            let (outputs, inputs) = (weights.shape[0], weights.shape[1])
            let rows = try digits("output", of: outputs, layer: node.name)
            let columns = try digits("input", of: inputs, layer: node.name)
            guard rows.count == columns.count else {
                throw Diagnostic(layer: node.name, "\(columns.count) factors of inputs but \(rows.count) of outputs")
            }
            let fulls = TensorTrain.fullRanks(rows: rows, columns: columns)
            let bound = try rank.resolve(full: fulls.max() ?? 1, layer: node.name)
            let matrix = Matrix(rows: outputs, columns: inputs, elements: weights.floats.map(Double.init))
            let train = try TensorTrain(matrix, rows: rows, columns: columns) { full in
                rank.fraction.map { max(1, Int(($0 * Double(full)).rounded())) } ?? min(bound, full)
            }
            remarks.append(
                "layer '\(node.name)': inputs \(columns), outputs \(rows), ranks \(train.ranks.dropFirst().dropLast())")
            return train.stages(of: node, batch: network[node.outputs[0]].shape.elementCount / outputs)
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    /// The factors given for a side of a layer, or as equal ones as can be.
    private func digits(_ side: String, of extent: Int, layer: String) throws -> [Int] {
        guard !factors.isEmpty else { return TensorTrain.factors(of: extent, count: cores) }
        let count = factors.keys.count { $0.hasPrefix(side) }
        let digits = (0..<count).compactMap { factors["\(side)\($0 + 1)"] }
        let isComplete = digits.count == count && count * 2 == factors.count && count > 1
        guard isComplete, digits.reduce(1, *) == extent else {
            throw Diagnostic(
                layer: layer, "factors \(digits) do not multiply to its \(extent) \(side)s",
                fix: "input1, input2 ... and output1, output2 ..., as many of each")
        }
        return digits
    }
}

extension TensorTrain {
    /// Layers from the last core to the first; in between the new output digit moves in front of all that is left.
    fileprivate func stages(of node: Node, batch: Int) -> [LayerStage] {
        let outputs = rows.reduce(1, *)
        var stages: [LayerStage] = []
        for core in rows.indices.reversed() {
            let layer = layer(ofCore: core)
            let inner = rows[(core + 1)...].reduce(1, *) * columns[..<core].reduce(1, *)
            stages += [
                LayerStage(
                    operation: FullyConnected(),
                    weights: Tensor([layer.rows, layer.columns], layer.elements.map(Float.init))),
                LayerStage(operation: Reshape(shape: [batch, inner, ranks[core], rows[core]])),
                LayerStage(operation: Transpose(permutation: [0, 3, 1, 2])),
            ]
        }
        stages.append(LayerStage(operation: Reshape(shape: [batch, outputs])))
        let activation = node.activation
        if node.bias != nil {
            stages.append(LayerStage(operation: Addition(activation: activation)))
        } else if activation != .none {
            stages.append(LayerStage(operation: Rectifier(activation: activation)))
        }
        return stages
    }
}
