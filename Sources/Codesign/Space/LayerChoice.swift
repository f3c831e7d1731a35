public import Compression

/// What is done to one layer: a point of the design space along that layer's axes.
public struct LayerChoice: Sendable, Hashable, Codable {
    /// A step of a recipe that works on this layer alone.
    public struct Move: Sendable, Hashable, Codable {
        public var step: String
        public var parameters: [String: ParameterValue]

        public init(step: String, parameters: [String: ParameterValue] = [:]) {
            self.step = step
            self.parameters = parameters
        }
    }

    /// Width of the weights; 1 is binary with a scale for each filter; nil for a layer without weights.
    public var weightBits: Int?
    /// Width of the layer's results; nil where the layer has no grid of its own to choose.
    public var activationBits: Int?
    /// Decomposition and pruning before the numbers become integers, in order.
    public var moves: [Move]

    public init(weightBits: Int?, activationBits: Int?, moves: [Move] = []) {
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.moves = moves
    }
}

extension LayerChoice: CustomStringConvertible {
    /// Such as `w4 a8 prune(density 0.5, granularity filter)`.
    public var description: String {
        var parts: [String] = []
        if let weightBits { parts.append("w\(weightBits)") }
        if let activationBits { parts.append("a\(activationBits)") }
        parts += moves.map(\.description)
        return parts.isEmpty ? "as it is" : parts.joined(separator: " ")
    }
}

extension LayerChoice.Move: CustomStringConvertible {
    /// The step with its parameters in alphabetical order.
    public var description: String {
        let listed = parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.summary)" }
        return listed.isEmpty ? step : "\(step)(\(listed.joined(separator: ", ")))"
    }
}

extension ParameterValue {
    /// The value as people write it.
    var summary: String {
        switch self {
        case .flag(let flag): flag ? "on" : "off"
        case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
        case .text(let text): text
        case .table(let entries): "\(entries.count) entries"
        }
    }
}
