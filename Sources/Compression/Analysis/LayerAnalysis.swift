import Diagnostics
import Networks
import Tensors
import Workloads

/// What the weights of one layer are like.
public struct LayerAnalysis: Sendable, Hashable, Codable {
    public var name: String
    public var elements: Int
    public var histogram: WeightHistogram
    public var redundancy: LayerRedundancy
}

extension CompressedNetwork {
    /// The layers with constant weights, in execution order.
    ///
    /// - Throws: `Diagnostic` naming a layer with weights that are not finite, or of which the spectrum cannot be computed.
    public func analyzedLayers() throws -> [LayerAnalysis] {
        try network.nodes.compactMap { node in
            guard let id = node.weights, network[id].constant != nil else { return nil }
            let reals = network[id].reals
            let outputs = network[id].shape[network.outputAxis(ofWeightsOf: node)]
            guard outputs > 0, !reals.isEmpty else { return nil }
            if let place = reals.firstIndex(where: { !$0.isFinite }) {
                throw Diagnostic("layer '\(node.name)': element \(place) of its weights is \(reals[place])")
            }
            let columns = reals.count / outputs
            let isDepthwise = node.operation.computeClass == .depthwise
            let filters = Matrix(rows: outputs, columns: columns) { row, column in
                reals[isDepthwise ? column * outputs + row : row * columns + column]
            }
            return LayerAnalysis(
                name: node.name, elements: reals.count, histogram: WeightHistogram(reals),
                redundancy: try LayerRedundancy(filters))
        }
    }
}
