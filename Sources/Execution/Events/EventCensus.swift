import Networks
import SIMDKernels

/// How the events of a network are counted: made once, used by every run that counts.
public struct EventCensus: Sendable {
    let inputs: [(id: ValueID, census: ValueCensus)]
    /// For each node its results and, for a layer with weights, its operands.
    let nodes: [(results: [(id: ValueID, census: ValueCensus)], layer: LayerCensus?)]

    init(_ interpreter: Interpreter) {
        let network = interpreter.network
        let level = interpreter.kernels.level ?? dt_level_portable
        func census(_ id: ValueID) -> (id: ValueID, census: ValueCensus) {
            (id, ValueCensus(network[id], level: level))
        }
        inputs = network.inputs.filter { network[$0].constant == nil }.map(census)
        nodes = interpreter.layers.map { layer in
            (layer.node.outputs.map(census), LayerCensus(layer, level: level))
        }
    }
}
