import Diagnostics
package import FixedPoint
import Networks
import Tensors

/// Weights move to the fixed point `<IL, FL>`, rounded up with the probability of their fraction.
///
/// With `e = 2^-FL`, `x` becomes `floor(x / e) e`, or one `e` more with the probability `x / e - floor(x / e)`, and saturates at
/// `-2^(IL-1)` and `2^(IL-1) - e`. One scale for a layer. Without `fractionBits` a layer's `IL` is the smallest that holds its
/// weights. Draws are those of the arithmetic `fixed-point-stochastic`, in steps of `2^-16`, repeatable from the seed. Biases of float layers move to
/// a format of their own of the same width. Where weights are composed of stored numbers, it is those that are drawn. Once rounded, a weight is off by up to `e`, more than to the nearest: the point is that
/// the mean stays, which pays where many roundings add up.
public struct StochasticFixedPoint: CompressionStep {
    public static let description = StepDescription(
        name: "stochastic-rounding",
        summary: "Rounds weights to fixed point, up with the probability of the fraction",
        citation: "Gupta, Agrawal, Gopalakrishnan, Narayanan: Deep Learning with Limited Numerical Precision, 2015",
        parameters: [
            ParameterDescription("weightBits", "Width of weights, IL + FL", .integer(2...16, default: 16)),
            ParameterDescription(
                "fractionBits", "FL; what the largest weight of a layer leaves if left out",
                .integer(-100...100, default: nil)),
            ParameterDescription("seed", "Where the draws begin", .integer(0...0x7FFF_FFFF, default: 1)),
        ], categories: [.quantization], profits: [.storage, .narrowProducts])

    public var layers: LayerSelection
    /// 2...16.
    public var weightBits: Int
    public var fractionBits: Int?
    public var seed: Int

    public init(layers: LayerSelection = .all, weightBits: Int = 16, fractionBits: Int? = nil, seed: Int = 1) {
        self.layers = layers
        self.weightBits = weightBits
        self.fractionBits = fractionBits
        self.seed = seed
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, weightBits: parameters.integer("weightBits") ?? 16,
            fractionBits: parameters.integer("fractionBits"), seed: parameters.integer("seed") ?? 1)
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = ["weightBits": .integer(weightBits), "seed": .integer(seed)]
        if let fractionBits { parameters["fractionBits"] = .integer(fractionBits) }
        return parameters
    }

    public var category: StepCategory { .quantization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        var (result, remarks) = (compressed, [String]())
        if !result.isInteger { remarks = result.makeNormalizationsLayers() }
        var seeds = SplitMix64(seed: UInt64(seed))
        let admitted = try self.layers.admit(layers, to: Self.description.name) { layer in
            guard let weights = result.network.place(ofLayer: layer).flatMap({ result.network.nodes[$0].weights }),
                result.network[weights].constant != nil
            else { return "its weights are computed" }
            let value = result.network[weights]
            if !value.isFloat, value.quantization == nil { return "its integers stand for no reals" }
            return format(of: value.reals) == nil ? "its weights are too large or too small for fixed point" : nil
        }
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer),
                let id = result.network.nodes[place].weights,
                let format = format(of: result.network[id].reals)
            else { continue }
            let rounding = StochasticRounding(seed: UInt32(truncatingIfNeeded: seeds.next()) | 1)
            let (value, grid) = (result.network[id], Quantization(format))
            let bias = biasReals(of: result.network.nodes[place], in: result, seed: seeds.next())
            let composed = try result.compositions[value.name]?.quantized(
                shape: value.shape, from: value.quantization, on: grid
            ) { Double(format.integer(steps: $0, at: $1, rounding: rounding)) }
            if let composed {
                remarks += try result.place(nodeAt: place, by: composed, on: grid, bias: bias)
            } else {
                let integers = format.integers(of: value.reals, rounding: rounding)
                remarks += result.place(nodeAt: place, weights: integers, on: grid, bias: bias)
            }
            remarks.append("layer '\(layer)': <\(format.integerBits), \(format.fractionBits)>")
        }
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    /// The format of numbers, or nil when there is none.
    private func format(of reals: [Double]) -> DynamicFixedPoint? {
        if let fractionBits {
            return DynamicFixedPoint(integerBits: weightBits - fractionBits, fractionBits: fractionBits)
        }
        return DynamicFixedPoint(holding: reals, bits: weightBits)
    }

    private func biasReals(of node: Node, in compressed: CompressedNetwork, seed: UInt64) -> [Double] {
        let reals = compressed.biasReals(of: node)
        guard let bias = node.bias, compressed.network[bias].isFloat, let format = format(of: reals) else {
            return reals
        }
        let rounding = StochasticRounding(seed: UInt32(truncatingIfNeeded: seed) | 1)
        return format.integers(of: reals, rounding: rounding).map { Double($0) * Double(format.scale) }
    }
}

extension DynamicFixedPoint {
    /// The format of `bits` with the fewest bits before the point that holds the numbers, a positive end lacking one step aside.
    package init?(holding reals: [Double], bits: Int) {
        let largest = reals.reduce(0) { max($0, abs($1)) }
        guard largest.isFinite else { return nil }
        let integerBits = Self.integerBits(reaching: largest)
        self.init(integerBits: integerBits, fractionBits: bits - integerBits)
    }

    /// Bits before the point for numbers up to a magnitude, the sign included: `ceil(log2(largest)) + 1`, and 1 for nothing but 0.
    static func integerBits(reaching largest: Double) -> Int {
        largest > 0 ? Int(largest.exponent) + (largest.significand == 1 ? 1 : 2) : 1
    }

    /// The steps of each number, drawn by its place, saturated.
    package func integers(of reals: [Double], rounding: StochasticRounding) -> [Int] {
        let scale = Double(scale)
        return reals.enumerated().map { integer(steps: $1 / scale, at: $0, rounding: rounding) }
    }

    /// A number in steps as one of the two integers beside it, saturated.
    fileprivate func integer(steps: Double, at place: Int, rounding: StochasticRounding) -> Int {
        let steps = min(max(steps, Double(format.minimum)), Double(format.maximum))
        let floor = steps.rounded(.down)
        guard steps > floor else { return Int(floor) }
        let fraction = Int((steps - floor) * 0x1p16)
        return Int(floor) + (Int(rounding.draw(at: place)) < fraction ? 1 : 0)
    }
}
