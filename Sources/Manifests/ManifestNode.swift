public import Diagnostics

/// A value of a human-written file, with the place where it was written.
public struct ManifestNode: Sendable, Hashable {
    /// What was written.
    public indirect enum Content: Sendable, Hashable {
        /// A plain or quoted text; quoted texts are never read as numbers or null.
        case scalar(String, isQuoted: Bool)
        case sequence([ManifestNode])
        /// Entries in the order of the file, keys distinct.
        case mapping([ManifestEntry])
    }

    public var content: Content
    public var location: SourceLocation

    public init(_ content: Content, at location: SourceLocation) {
        self.content = content
        self.location = location
    }

    /// The text of a scalar.
    public var text: String? {
        switch content {
        case .scalar(let text, _): text
        case .sequence, .mapping: nil
        }
    }

    /// The entries of a mapping.
    public var entries: [ManifestEntry]? {
        switch content {
        case .mapping(let entries): entries
        case .scalar, .sequence: nil
        }
    }

    /// The items of a sequence.
    public var items: [ManifestNode]? {
        switch content {
        case .sequence(let items): items
        case .scalar, .mapping: nil
        }
    }

    /// The value of a key of a mapping.
    public subscript(_ key: String) -> ManifestNode? {
        entries?.first { $0.key == key }?.value
    }

    /// `true` for nothing: an empty plain scalar, `~` or `null`.
    public var isNull: Bool {
        switch content {
        case .scalar(let text, let isQuoted): !isQuoted && ["", "~", "null"].contains(text)
        case .sequence, .mapping: false
        }
    }

    /// The form, for messages: `a text`, `a list`, `a mapping`.
    public var form: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// One key of a mapping and its value.
public struct ManifestEntry: Sendable, Hashable {
    public var key: String
    public var keyLocation: SourceLocation
    public var value: ManifestNode

    public init(key: String, keyLocation: SourceLocation, value: ManifestNode) {
        self.key = key
        self.keyLocation = keyLocation
        self.value = value
    }
}
