import FixedPoint
import Tensors
public import Workloads

/// A workload that grows layer by layer, for tables that give shapes and no weights.
///
/// An output that no later layer reads is an output of the network.
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

    private var layers: [WorkloadLayer] = []
    private var tensors: [TensorFootprint] = []
    private var places: [String: Int] = [:]
    private var zeroFilters: [Int: [Bool]] = [:]
    private let name: String

    public init(name: String) {
        self.name = name
    }

    /// The workload so far, its unread tensors marked as outputs and its live channels followed.
    public var workload: Workload {
        var tensors = tensors
        for index in tensors.indices where tensors[index].consumers.isEmpty { tensors[index].isOutput = true }
        var workload = Workload(name: name, layers: layers, tensors: tensors)
        workload.markLiveChannels(zeroFilters: zeroFilters)
        return workload
    }

    /// Adds a layer.
    ///
    /// - Returns: why it cannot be added, or nil.
    public mutating func append(_ layer: TableLayer, inputs: Inputs) -> String? {
        guard places[layer.name] == nil else { return "a layer '\(layer.name)' is there already" }
        guard !layer.isTooLarge else { return "the layer has more than \(Shape.maximumElementCount) elements" }
        var read: [Int] = []
        switch inputs {
        case .previous: read = [tensors.isEmpty ? appendInput(of: layer, named: "input") : tensors.count - 1]
        case .own: read = [appendInput(of: layer, named: "\(layer.name) input")]
        case .named(let names):
            for source in names {
                guard let place = source.isEmpty ? networkInput(of: layer) : places[source] else {
                    return "no layer before is called '\(source)'"
                }
                read.append(place)
            }
        }
        append(layer, reading: read)
        return nil
    }

    private mutating func append(_ layer: TableLayer, reading read: [Int]) {
        let index = layers.count
        for tensor in read {
            if tensors[tensor].consumers.last != index { tensors[tensor].consumers.append(index) }
            tensors[tensor].elementBits = layer.activationBits
            tensors[tensor].isFloat = layer.isFloat
        }
        let channels = layer.outputChannels
        if layer.deadOutputs > 0 {
            zeroFilters[index] = (0..<channels).map { $0 >= channels - layer.deadOutputs }
        }
        layers.append(
            WorkloadLayer(
                name: layer.name, operatorName: layer.computeClass.rawValue, computeClass: layer.computeClass,
                loops: layer.loweredLoops, weights: layer.weights, inputs: read, outputs: [tensors.count],
                accumulator: layer.weights == nil || layer.isFloat ? nil : .int32, isFloat: layer.isFloat,
                activationZeros: layer.activationDensity.map { MeasuredFraction(value: 1 - $0, origin: .assumed) }))
        places[layer.name] = tensors.count
        let plane = [layer.loops.batch, layer.loops.outputHeight, layer.loops.outputWidth, channels]
        tensors.append(
            TensorFootprint(
                name: layer.name, shape: Shape(plane), elementBits: layer.activationBits, isFloat: layer.isFloat,
                producer: index, consumers: [], isOutput: false, aliasOf: layer.computeClass == .free ? read[0] : nil))
    }

    private mutating func networkInput(of layer: TableLayer) -> Int {
        tensors.isEmpty ? appendInput(of: layer, named: "input") : 0
    }

    private mutating func appendInput(of layer: TableLayer, named name: String) -> Int {
        let plane = [layer.loops.batch, layer.loops.inputHeight, layer.loops.inputWidth, layer.inputChannels]
        tensors.append(
            TensorFootprint(
                name: name, shape: Shape(plane), elementBits: layer.activationBits, isFloat: layer.isFloat,
                producer: nil, consumers: [], isOutput: false))
        return tensors.count - 1
    }
}
