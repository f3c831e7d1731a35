import Diagnostics

/// One value of a resolved profile with its source, for people and for JSON.
public struct Fact: Sendable, Hashable, Codable {
    /// Dotted path, such as `memories.flash.waitStates`.
    public var key: String
    /// The value as a profile writes it.
    public var value: String
    /// Kind of source; nil for a choice or a text, which needs none.
    public var provenance: Provenance?
    /// Words that find the source.
    public var source: String?
    /// File and line that gave it.
    public var place: String

    public init(key: String, value: String, provenance: Provenance?, source: String?, place: String) {
        self.key = key
        self.value = value
        self.provenance = provenance
        self.source = source
        self.place = place
    }
}

extension ProfileSection {
    /// All values below this section, in the order of the keys.
    func facts(below prefix: String = "") -> [Fact] {
        entries.flatMap { entry -> [Fact] in
            let key = prefix.isEmpty ? entry.key : "\(prefix).\(entry.key)"
            switch entry.tree {
            case .section(let section):
                return section.facts(below: key)
            case .faulty:
                return []
            case .leaf(let leaf):
                return [
                    Fact(
                        key: key, value: leaf.value.description, provenance: leaf.source?.provenance,
                        source: leaf.source?.text, place: leaf.location.description)
                ]
            }
        }
    }
}
