import Foundation
public import Hardware
import Quantities
public import Workloads

/// The size of an operation's weights as a block-based engine reads them: padded to its units, then coded.
///
/// Symbols: every output channel of a unit has the window, rounded up to 4 places (2 for 16-bit activations) where it
/// is walked in parts, times the input channels, rounded up to a block of 8, 16 or 32; padding is zeros. The published
/// coding (Golomb-Rice with a palette of 32, zero runs) is counted as the entropy of the padded stream plus
/// `redundancy` bits for each weight that is not zero, at most the stored width, and a palette for each stream; streams
/// end at 16 bytes. Scales and biases take 10 bytes a channel. It is *not* the coder: real streams differ by some per
/// cent. Without a measured entropy every value is taken as equally likely; a window of constants
/// that the compiler makes up takes a frame.
public struct WeightStream: Sendable, Hashable {
    /// Bits that the code takes beyond the entropy for a weight.
    public static let redundancy = 0.3
    /// Bytes of header, palette and end marker of a stream.
    static let frame = 40
    static let scaleBytes = 10
    static let alignment = 16

    private let channels: Int
    private let symbolsPerChannel: Int
    private let unitDepth: Int
    private let bitsPerSymbol: Double
    private let cores: Int

    public init(
        _ weights: WeightFootprint?, _ operation: EngineOperation, _ blocks: BlockConfiguration,
        on engine: NeuralProcessor
    ) {
        channels = operation.output.depth
        unitDepth = max(1, engine.unitDepth)
        cores = max(1, engine.cores)
        symbolsPerChannel = WeightStream.places(operation, blocks) * WeightStream.inputs(operation, blocks)
        let padded = Double(symbolsPerChannel) * Double(roundedUp(channels, to: unitDepth)) * Double(operation.repeats)
        bitsPerSymbol = WeightStream.bits(weights, padded: padded, decodes: engine.decodesWeights)
    }

    /// Bytes of the coded weights of some output channels, without scales.
    public func weightBytes(channels: Int) -> Int {
        split(channels).reduce(0) { $0 + coded($1) }
    }

    /// Bytes of scales and biases of some output channels.
    public func scaleBytes(channels: Int) -> Int {
        split(channels).reduce(0) { $0 + roundedUp($1 * WeightStream.scaleBytes, to: WeightStream.alignment) }
    }

    /// Bytes of weights and scales of some output channels.
    public func bytes(channels: Int) -> Int { weightBytes(channels: channels) + scaleBytes(channels: channels) }

    /// The channels that each core takes.
    private func split(_ channels: Int) -> [Int] {
        (0..<cores).map { (channels + cores - 1 - $0) / cores }.filter { $0 > 0 }
    }

    private func coded(_ channels: Int) -> Int {
        let symbols = Double(symbolsPerChannel) * Double(roundedUp(channels, to: unitDepth))
        let bytes = Int(min((symbols * bitsPerSymbol / 8).rounded(.up), 4e15))
        return roundedUp(bytes + WeightStream.frame, to: WeightStream.alignment)
    }

    /// Places of the window with those that pad its parts.
    private static func places(_ operation: EngineOperation, _ blocks: BlockConfiguration) -> Int {
        let step: Int
        switch blocks.traversal {
        case .depthFirst: step = 1
        case .partKernelFirst: step = operation.inputBits == 16 ? 2 : 4
        case .depthwise: step = 4
        }
        let wide = max(1, BlockSearch.largestWindow / max(1, operation.dilationWidth))
        let high = max(1, BlockSearch.largestWindow / max(1, operation.dilationHeight))
        let parts = WindowParts(operation, high: high, wide: wide)
        return Int(min(parts.sum { roundedUp($0, to: step) }, BlockShape.most))
    }

    private static func inputs(_ operation: EngineOperation, _ blocks: BlockConfiguration) -> Int {
        switch blocks.traversal {
        case .depthFirst: roundedUp(operation.input.depth, to: operation.inputBits == 16 ? 16 : 32)
        case .partKernelFirst: roundedUp(operation.input.depth, to: 8)
        case .depthwise: 1
        }
    }

    /// Bits of a symbol of the padded stream.
    private static func bits(_ weights: WeightFootprint?, padded: Double, decodes: Bool) -> Double {
        guard let weights else { return decodes ? 0 : 8 }
        let width = Double(max(weights.elementBits, decodes ? 2 : 8))
        let count = Double(weights.elements)
        guard decodes, count > 0 else { return width }
        let entropy = min(weights.entropyBits ?? width, log2(count))
        func mass(_ count: Double) -> Double { count > 0 ? count * log2(count) : 0 }
        let all = max(padded, count)
        let zeros = Double(weights.elements - weights.nonzeroElements)
        let masses = count * (log2(count) - entropy) - mass(zeros) + mass(zeros + all - count)
        let mixed = max(0, log2(all) - masses / all)
        return min(width, mixed + redundancy * Double(weights.nonzeroElements) / all)
    }
}
