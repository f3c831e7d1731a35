import Networks
import SIMDKernels
import Tensors

/// A layer with weights on reals, summed in the order of the definition.
struct FloatSumKernel: LayerKernel {
    private let weighted: WeightedLayer
    private let level: dt_level
    private let weights: [[Float]]
    private let bias: [[Float]]?
    private let result: ResultType

    /// - Returns: nil for integer layers, for sums in another order, and for weights that are not finite, of which zeros around an image matter.
    init?(_ layer: Layer, level: dt_level) {
        guard let weighted = WeightedLayer(layer), layer.inputs[0].elementType == .float32,
            layer.results[0].elementType == .float32, let constant = layer.inputs[1].constant,
            !(layer.node.operation is FullyConnected) || layer.arithmetic.runtime.realRow == .inOrder
        else { return nil }
        let reals = Operand(constant, quantization: layer.inputs[1].quantization).reals
        guard reals.allSatisfy(\.isFinite) else { return nil }
        if layer.inputs.count > 2 {
            guard let constant = layer.inputs[2].constant else { return nil }
            bias = weighted.perGroup(Operand(constant, quantization: layer.inputs[2].quantization).reals) { $0 }
        } else {
            bias = nil
        }
        self.weighted = weighted
        self.level = level
        weights = weighted.packed(reals, step: 1) { $0 }
        result = layer.results[0]
    }

    private var paddedElements: Int {
        weighted.geometry.batch * weighted.geometry.imageElements + ChannelBlocks.size
    }

    func workspaceBytes(cases: Int) -> Int { paddedElements * MemoryLayout<Float>.size }

    func run(_ run: LayerRun) {
        let geometry = weighted.geometry
        let padded = run.workspace.bindMemory(to: Float.self, capacity: paddedElements)
        padded.initialize(repeating: 0, count: paddedElements)
        let imageElements = geometry.height * geometry.width * geometry.channels
        for index in 0..<run.cases {
            let source = run.input(0, as: Float.self) + index * geometry.batch * imageElements
            for image in 0..<geometry.batch {
                geometry.pad(source + image * imageElements, into: padded + image * geometry.imageElements) { $0 }
            }
            sum(padded, into: run.output(0, as: Float.self) + index * result.shape.elementCount)
        }
    }

    private func sum(_ padded: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        let line = SumLine(weighted, step: 1)
        let stride = line.blocks * ChannelBlocks.size
        let activation = weighted.activation
        withUnsafeTemporaryAllocation(of: Float.self, capacity: SumLine.chunk * stride) { scratch in
            guard let sums = scratch.baseAddress else { return }
            line.forEachChunk(weighted) { group, input, place, pixels, shape in
                if weighted.isDepthwise {
                    dt_depthwise_float(level, &shape, padded + input, weights[group], bias?[group], sums)
                } else {
                    dt_sum_float(level, &shape, padded + input, weights[group], bias?[group], sums)
                }
                let first = target + place * weighted.channels + group * weighted.groupChannels
                for pixel in 0..<pixels {
                    let (row, source) = (first + pixel * weighted.channels, sums + pixel * stride)
                    for channel in 0..<weighted.groupChannels { row[channel] = activation.clamped(source[channel]) }
                }
            }
        }
    }
}
