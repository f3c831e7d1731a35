import Hardware
import Quantities
import Scheduling
import Workloads

/// A hierarchy and the layers to map onto it, each with the mapping of a peer where there is one.
struct Question: Codable {
    struct Layer: Codable {
        var name: String
        var loops: LoopNest
        /// The peer's tiles.
        var peer: [LoopMapping.Cut]?
    }

    var array: LoopNestArray
    /// Femtojoules of a bit of the memory behind.
    var memoryReadEnergy: Double
    var memoryWriteEnergy: Double
    var memoryWordBits: Int
    var weightBits: Int
    var inputBits: Int
    var outputBits: Int
    var sumBits: Int
    var layers: [Layer]
}

/// What the search found for a layer, beside the peer's mapping under the same cost.
struct Answer: Codable {
    var name: String
    /// Picojoules of all memories.
    var cost: Double
    var lowerBound: Double
    var represented: Double
    /// The peer's mapping in picojoules; nil when none was given.
    var peerCost: Double?
    /// One search, the best of several.
    var milliseconds: Double
    var mapping: LoopMapping
}
