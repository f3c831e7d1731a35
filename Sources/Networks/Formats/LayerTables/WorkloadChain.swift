import FixedPoint
import Quantities
import Tensors
public import Workloads

/// Fractions of a layer's operands that are not zero; nil where nobody says.
public struct ChainDensities: Sendable, Hashable {
    public var weights: Double?
    public var activations: Double?

    public init(weights: Double? = nil, activations: Double? = nil) {
        self.weights = weights
        self.activations = activations
    }
}

/// A workload that grows layer by layer, for tables that give shapes and no weights.
///
/// Weights of a stated density below 1 are stored one by one behind relative indices of 4 bits, without fillers; others
/// are taken as dense and, where dead filters are stated, as zero there; activations as integers. An output that
/// no later layer reads is an output of the network.
public struct WorkloadChain: Sendable {
    /// Which tensors a layer reads.
    public enum Inputs: Sendable, Hashable {
        /// The output of the layer before, or the network's input.
        case previous
        /// A network input of its own.
        case own
        /// The outputs of earlier layers; an empty name is the network's input.
        case named([String])
    }

    /// Layers and tensors with more elements than this are refused.
    static let largest = Shape.maximumElementCount

    private var layers: [WorkloadLayer] = []
    private var tensors: [TensorFootprint] = []
    private var places: [String: Int] = [:]
    private var live: [Int: Int] = [:]
    private let name: String

    public init(name: String) {
        self.name = name
    }

    /// The workload so far, its unread tensors marked as outputs.
    public var workload: Workload {
        var tensors = tensors
        for index in tensors.indices where tensors[index].consumers.isEmpty { tensors[index].isOutput = true }
        return Workload(name: name, layers: layers, tensors: tensors)
    }

    /// Adds a layer.
    ///
    /// - Parameter weightBits: nil for a layer without weights.
    /// - Parameter activationBits: width of what it reads; what it writes has the width that its reader states, or its own.
    /// - Parameter deadOutputs: output channels whose weights are all zero.
    /// - Returns: why it cannot be added, or nil.
    public mutating func append(
        _ name: String, _ computeClass: ComputeClass, _ loops: LoopNest, weightBits: Int?, activationBits: Int,
        inputs: Inputs, deadOutputs: Int = 0, densities: ChainDensities = ChainDensities()
    ) -> String? {
        guard places[name] == nil else { return "a layer '\(name)' is there already" }
        guard !Self.isTooLarge(loops) else { return "the layer has more than \(Self.largest) elements" }
        var read: [Int] = []
        switch inputs {
        case .previous:
            read = [tensors.isEmpty ? appendInput(loops, activationBits, for: "input") : tensors.count - 1]
        case .own:
            read = [appendInput(loops, activationBits, for: "\(name) input")]
        case .named(let names):
            for source in names {
                if source.isEmpty {
                    read.append(tensors.isEmpty ? appendInput(loops, activationBits, for: "input") : 0)
                } else if let place = places[source] {
                    read.append(place)
                } else {
                    return "no layer before is called '\(source)'"
                }
            }
        }
        let index = layers.count
        for tensor in read where tensors[tensor].consumers.last != index { tensors[tensor].consumers.append(index) }
        for tensor in read { tensors[tensor].elementBits = activationBits }
        var weights = weightBits.map { Self.weights(computeClass, loops, bits: $0, deadOutputs: deadOutputs) }
        if let density = densities.weights, density < 1 { weights?.keep(density) }
        let channels = loops.groups * loops.outputChannels
        let alive = live(reading: read, computeClass, channels: loops.groups * loops.inputChannels)
        let outputs = computeClass.keepsChannels ? min(alive, channels) : channels - deadOutputs
        live[tensors.count] = outputs
        layers.append(
            WorkloadLayer(
                name: name, operatorName: computeClass.rawValue, computeClass: computeClass, loops: loops,
                weights: weights, inputs: read, outputs: [tensors.count],
                accumulator: weights == nil ? nil : Accumulator(bits: 32, overflow: .wrap), isFloat: false,
                activationZeros: densities.activations.map { MeasuredFraction(value: 1 - $0, origin: .assumed) },
                liveChannels: LiveChannels(inputs: alive, outputs: outputs)))
        places[name] = tensors.count
        tensors.append(
            TensorFootprint(
                name: name, shape: Shape([loops.batch, loops.outputHeight, loops.outputWidth, channels]),
                elementBits: activationBits, isFloat: false, producer: index, consumers: [], isOutput: false))
        return nil
    }

    private mutating func appendInput(_ loops: LoopNest, _ bits: Int, for name: String) -> Int {
        tensors.append(
            TensorFootprint(
                name: name,
                shape: Shape([
                    loops.batch, loops.inputHeight, loops.inputWidth, loops.groups * loops.inputChannels,
                ]), elementBits: bits, isFloat: false, producer: nil, consumers: [], isOutput: false))
        return tensors.count - 1
    }

    /// Channels that are alive where a layer reads them: any operand that lives keeps a channel of a sum alive.
    private func live(reading tensors: [Int], _ computeClass: ComputeClass, channels: Int) -> Int {
        let known = tensors.map { live[$0] ?? channels }
        return min(channels, known.max() ?? channels)
    }

    private static func isTooLarge(_ loops: LoopNest) -> Bool {
        let extents = [
            [loops.batch, loops.groups, loops.outputChannels, loops.outputHeight, loops.outputWidth],
            [loops.batch, loops.groups, loops.inputChannels, loops.inputHeight, loops.inputWidth],
            [loops.groups, loops.outputChannels, loops.inputChannels, loops.kernelHeight, loops.kernelWidth],
        ]
        return extents.contains { Shape(checking: $0) == nil }
    }

    private static func weights(
        _ computeClass: ComputeClass, _ loops: LoopNest, bits: Int, deadOutputs: Int
    ) -> WeightFootprint {
        let filters = loops.groups * loops.outputChannels
        let elements = filters * loops.reductionLength
        let nonzero = (filters - min(filters, deadOutputs)) * loops.reductionLength
        return WeightFootprint(
            elements: elements, nonzeroElements: nonzero, elementBits: bits, isBipolar: bits == 1, storage: .dense,
            zeroStructure: deadOutputs > 0 ? .filter : .element, storedEntries: elements,
            encodedSize: Bits(elements * bits), parameterSize: Bits(filters * (32 + 32 + 8)))
    }
}

extension WeightFootprint {
    /// Stores a fraction of the elements, each behind a relative index of 4 bits.
    fileprivate mutating func keep(_ density: Double) {
        let kept = Int((Double(elements) * density).rounded())
        (nonzeroElements, storedEntries) = (min(nonzeroElements, kept), kept)
        storage = .relativeIndex
        encodedSize = Bits(kept * (elementBits + 4))
    }
}

extension ComputeClass {
    /// Whether an output channel depends on the input channel of the same place only.
    fileprivate var keepsChannels: Bool {
        switch self {
        case .depthwise, .pooling, .elementwise, .transcendental, .dataMovement, .free: true
        case .convolution, .fullyConnected: false
        }
    }
}
