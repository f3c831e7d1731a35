/// How many products a pipeline stage computes in a cycle: processing elements times lanes in each.
public struct Folding: Sendable, Hashable, Codable {
    /// The layer that it is for.
    public var layer: String
    /// Outputs computed side by side.
    public var elements: Int
    /// Products of each output in a cycle.
    public var lanes: Int

    public init(layer: String, elements: Int, lanes: Int) {
        self.layer = layer
        self.elements = elements
        self.lanes = lanes
    }

    /// Reads `conv0:16x3`; nil for any other form.
    public init?(text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let factors = text[text.index(after: colon)...].split(separator: "x", omittingEmptySubsequences: false)
        guard colon != text.startIndex, factors.count == 2, let elements = Int(factors[0]), let lanes = Int(factors[1]),
            (1...1_000_000).contains(elements), (1...1_000_000).contains(lanes)
        else { return nil }
        self.init(layer: String(text[..<colon]), elements: elements, lanes: lanes)
    }
}
