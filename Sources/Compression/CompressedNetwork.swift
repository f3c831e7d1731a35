public import Diagnostics
public import Networks
public import Tensors

/// A network together with how its weights are stored on the device; a plain network is the identity compression.
public struct CompressedNetwork: Sendable {
    /// Executable as it is, in float or in integers.
    public var network: Network
    /// How the elements of a constant are stored, by the name of its value; a constant without an entry is dense.
    public var encodings: [String: WeightEncoding]
    /// The parameters that are stored in the place of a constant, by the name of its value.
    public var compositions: [String: WeightComposition]
    /// The grid on which the float elements of a constant already lie, by the name of its value: binary weights of a
    /// layer whose activations are not quantized yet.
    public var grids: [String: Quantization]
    /// The layer of the given network from which a layer was made, for layers that a step created.
    public var origins: [String: String]
    /// The network before anything was done, against which a step may repair what earlier ones did; nil where only the result
    /// is known.
    public var given: Network?
    /// What was done, in order.
    public var history: [AppliedStep]

    public init(_ network: Network) {
        self.network = network
        encodings = [:]
        compositions = [:]
        grids = [:]
        origins = [:]
        given = network
        history = []
    }

    /// The layer of the given network to which the layer `name` belongs.
    public func origin(of name: String) -> String {
        origins[name] ?? name
    }

    /// All the ways in which this compressed network is not well formed; empty for a sound one.
    public func faults(file: String) -> [Diagnostic] {
        let names = Set(network.values.lazy.filter { $0.constant != nil }.map(\.name))
        let strays = Set(encodings.keys).union(compositions.keys).union(grids.keys).subtracting(names).sorted()
        return network.faults(file: file)
            + strays.map {
                Diagnostic("no constant has this name", at: SourceLocation(file: file, position: .part($0)))
            }
    }

    /// Applies the steps in order, refusing an illegal order.
    ///
    /// - Throws: `Diagnostics` naming the step, the layer and the reason.
    public func applying(
        _ steps: [any CompressionStep], observing observer: any ActivationObserver
    ) throws -> CompressedNetwork {
        var result = self
        for step in steps {
            result = try result.applying(step, observing: observer)
        }
        return result
    }
}
