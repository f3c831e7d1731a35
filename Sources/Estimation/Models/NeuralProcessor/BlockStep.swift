import Hardware
import Scheduling
import Workloads

/// One operation of a network on a block-based engine, with its blocks, its weights and the tensors that it touches.
struct BlockStep: Sendable {
    var operation: EngineOperation
    var blocks: BlockConfiguration
    var layer: Int
    /// Places of the stored tensors, nil for constants and what one layer passes on inside.
    var input: Int?
    var second: Int?
    var output: Int?
    var weights: WeightFootprint?
    /// Coded weights; nil for an operation without.
    var stream: WeightStream?

    /// nil when no block fits.
    init?(
        _ operation: EngineOperation, layer: Int, weights: WeightFootprint?, on engine: NeuralProcessor
    ) {
        guard let blocks = BlockSearch(operation, on: engine).configuration() else { return nil }
        self.operation = operation
        self.blocks = blocks
        self.layer = layer
        self.weights = weights
        stream = operation.hasWeights ? WeightStream(weights, operation, blocks, on: engine) : nil
    }

    /// The traversal of a convolution, the unit of the others.
    var name: String {
        operation.unit == .convolution ? blocks.traversal.rawValue : operation.unit.rawValue
    }

    /// The same step with a table on its way out.
    func withTable(_ bytes: Int, bits: Int, on engine: NeuralProcessor) -> BlockStep {
        var operation = operation
        operation.tableBytes = bytes
        operation.outputBits = bits
        var step = BlockStep(operation, layer: layer, weights: weights, on: engine) ?? self
        (step.input, step.second, step.output) = (input, second, output)
        return step
    }

    /// Bytes of the input map as it lies in memory.
    func inputBytes(_ place: MapPlace) -> Int {
        let elements = Int128(place.stored(operation.input).elements)
        return Int(clamping: elements * Int128(operation.inputBits / 8))
    }
}
