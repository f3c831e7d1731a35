import Diagnostics
import Networks
import Quantities
import Tensors
import Workloads

/// Kernels of a convolution are stored as cosine coefficients: a shared centre and a sparse, quantized private rest.
///
/// Every `height x width` kernel is transformed (orthonormal DCT-II), all kernels of a layer are clustered in `clusters` centres
/// (k-means, Lloyd's iteration from seeded spread-out starts), and of the rests the part `density` of largest magnitude stays, in
/// `bits` bits of a uniform grid (32: as reals). Stored: centres, one index a kernel, and rests behind relative indices of the best
/// width, each of these streams in words of a canonical Huffman code where they and its table are smaller than plain fields. The
/// transform is orthonormal, so the squared error of the weights is that of the coefficients. What is executed are the kernels
/// themselves; the retraining of the paper is left out.
public struct FrequencyPacking: CompressionStep {
    public static let description = StepDescription(
        name: "cnnpack",
        summary: "Stores kernels as cosine coefficients, shared centres plus a sparse quantized rest in Huffman words",
        citation:
            "Wang, Xu, You, Tao, Xu: CNNpack: Packing Convolutional Neural Networks in the Frequency Domain, 2016",
        parameters: [
            ParameterDescription(
                "clusters", "Shared kernels of a layer; at most its kernels", .integer(1...65_536, default: 16)),
            ParameterDescription(
                "density", "Part of the private coefficients that stay", .number(0...1, default: 0.25)),
            ParameterDescription(
                "bits", "Width of a private coefficient; 32 for reals", .integer(2...32, default: 8)),
            ParameterDescription("seed", "Seed of the first centres", .integer(0...2_147_483_647, default: 0)),
        ], categories: [.sharing], profits: [.storage])

    public var layers: LayerSelection
    private let clusters: Int
    private let density: Double
    private let bits: Int
    private let seed: Int

    package init(
        layers: LayerSelection = .all, clusters: Int = 16, density: Double = 0.25, bits: Int = 8, seed: Int = 0
    ) {
        (self.layers, self.clusters, self.density) = (layers, clusters, density)
        (self.bits, self.seed) = (bits, seed)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, clusters: parameters.integer("clusters") ?? 16,
            density: parameters.number("density") ?? 0.25, bits: parameters.integer("bits") ?? 8,
            seed: parameters.integer("seed") ?? 0)
    }

    public var parameters: [String: ParameterValue] {
        [
            "clusters": .integer(clusters), "density": .number(density), "bits": .integer(bits),
            "seed": .integer(seed),
        ]
    }

    public var category: StepCategory { .sharing }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        guard density >= 0, density <= 1, (2...32).contains(bits) else {
            throw Diagnostics([Diagnostic("a density of \(density) in \(bits) bits")])
        }
        let admitted = try self.layers.admit(layers, to: "packing in the frequency domain") { layer in
            guard let shape = compressed.network.spatialKernels(of: layer) else {
                return "not a float convolution with kernels above 1x1, at most 64x64"
            }
            let kernels = shape[0] * shape[3]
            return (1...kernels).contains(clusters)
                ? nil : "\(clusters) clusters are outside 1...\(kernels), its kernels"
        }
        var result = compressed
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer),
                let weights = result.network.nodes[place].weights.map({ result.network[$0] })
            else { continue }
            try result.compose(nodeAt: place, by: packed(weights.reals, shape: weights.shape))
        }
        return StepOutcome(result, touched: admitted)
    }

    /// The stored form of weights of this shape.
    private func packed(_ reals: [Double], shape: Shape) throws -> WeightComposition {
        let (places, channels) = (shape[1] * shape[2], shape[3])
        let transform = CosineTransform(height: shape[1], width: shape[2])
        let coefficients = (0..<shape[0] * channels).flatMap { kernel in
            let start = kernel / channels * places * channels + kernel % channels
            return transform.forward((0..<places).map { reals[start + $0 * channels] })
        }
        let points = Matrix(rows: shape[0] * channels, columns: places, elements: coefficients)
        let found = VectorClusters(points, count: clusters, seed: UInt64(seed))
        let centres = found.centres.elements.map(Float.init)
        let rests = coefficients.indices.map { index in
            coefficients[index] - Double(centres[found.assignments[index / places] * places + index % places])
        }
        let width = SymbolTable.placeBits(clusters)
        let shared = [
            StoredPart("centres", reals: centres),
            StoredPart("assignments", patterns: found.assignments.map { UInt32($0) }, width: width),
        ].map { $0.coded(as: [.huffman]) }
        return WeightComposition(
            .frequencyCoefficients(FrequencyCoefficients()), parts: shared + privatePart(rests))
    }

    /// The largest of the rests on their grid: `step`, and `gaps` and `levels` at the index width that takes the fewest bits.
    private func privatePart(_ rests: [Double]) -> [StoredPart] {
        let count = Int((density * Double(rests.count)).rounded())
        let order = rests.map(abs).fallingOrder
        let largest = order.first.map { abs(rests[$0]) } ?? 0
        let top = bits == 32 ? 1 : Double((1 << (bits - 1)) - 1)
        let step = largest > 0 ? max(Float(largest / top), Float.leastNormalMagnitude) : 1
        let mask = UInt32.max >> UInt32(32 - bits)
        var levels = [UInt32](repeating: 0, count: rests.count)
        for place in order.prefix(count) {
            let level = Int32(min(max((rests[place] / Double(step)).rounded(), -top), top))
            levels[place] = bits == 32 ? Float(rests[place]).bitPattern : UInt32(bitPattern: level) & mask
        }
        return [StoredPart("step", reals: [step])] + entries(of: WeightSymbols(patterns: levels, width: bits))
    }

    /// The levels that are not zero behind relative indices, both in Huffman words where these are smaller.
    private func entries(of levels: WeightSymbols) -> [StoredPart] {
        let groups = WeightGroups(
            shape: [levels.patterns.count], computeClass: .dataMovement, granularity: .weight)
        var best: (parts: [StoredPart], size: Int) = ([], .max)
        for width in 1...12 {
            let entries = WeightEntries(levels, groups: groups, reach: 1 << width)
            let parts = [
                StoredPart("gaps", patterns: entries.gaps, width: width),
                StoredPart("levels", patterns: entries.elements, width: levels.width),
            ].map { $0.coded(as: [.huffman]) }
            let size = parts.reduce(0) { $0 + $1.size.count }
            if size < best.size { best = (parts, size) }
        }
        return best.parts
    }
}

extension Network {
    /// The shape of a float convolution's weights when its kernels have several places, or nil for another layer.
    fileprivate func spatialKernels(of layer: String) -> Shape? {
        guard let (node, weights) = floatLayer(layer),
            [.convolution, .depthwise].contains(node.operation.computeClass), weights.shape.rank == 4,
            weights.shape[1] * weights.shape[2] > 1,
            max(weights.shape[1], weights.shape[2]) <= FrequencyCoefficients.largestExtent
        else { return nil }
        return weights.shape
    }
}
