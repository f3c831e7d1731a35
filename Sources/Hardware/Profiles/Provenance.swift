/// Where a number comes from.
public enum Provenance: String, Sendable, Hashable, Codable, CaseIterable {
    /// A data sheet or reference manual of the part.
    case datasheet
    /// A measurement on the part.
    case measured
    /// A publication.
    case paper
    /// Fitted to measurements, which the text names.
    case fitted
    /// An assumption, stated as one.
    case assumed
}

/// The source of a number: its kind and the words that find it.
public struct Source: Sendable, Hashable, Codable {
    public var provenance: Provenance
    /// Title and place of the source.
    public var text: String

    public init(_ provenance: Provenance, _ text: String) {
        self.provenance = provenance
        self.text = text
    }
}
