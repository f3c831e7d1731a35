import Diagnostics
import Manifests
import Quantities

/// Reads one profile file against the keys of its layer and collects every fault.
struct ProfileReading {
    /// A base that a section starts from.
    struct Reference: Hashable {
        /// Where the section is, by keys; empty for the whole file.
        var path: [String]
        var layers: [ProfileLayer]
        var name: String
        var location: SourceLocation
    }

    private(set) var findings: [Diagnostic] = []
    private(set) var references: [Reference] = []
    private(set) var layer: ProfileLayer?
    private(set) var section: ProfileSection?
    private var sources: [String: Source] = [:]
    private var sourceNames: [String] = []

    /// Reads a file; `section` stays nil when it is not YAML or names no layer.
    init(_ manifest: Manifest) {
        findings = manifest.findings
        guard let root = manifest.root else { return }
        guard let entries = root.entries else {
            fault("a profile is a mapping of keys, found \(root.form)", at: root.location)
            return
        }
        readSources(root["sources"])
        layer = readLayer(root)
        guard let layer else { return }
        let own = entries.filter { !["layer", "sources"].contains($0.key) }
        section = readSection(
            ManifestNode(.mapping(own), at: root.location), keys: layer.keys, extends: layer.bases, path: [],
            source: nil,
            reserved: ["layer", "sources"])
    }

    private mutating func readLayer(_ root: ManifestNode) -> ProfileLayer? {
        let words = ProfileLayer.allCases.map(\.rawValue)
        guard let node = root["layer"] else {
            fault(
                "the key 'layer' is missing", at: root.location,
                fix: "write 'layer:' with one of \(words.joined(separator: ", "))")
            return nil
        }
        guard let layer = node.text.flatMap(ProfileLayer.init(rawValue:)) else {
            fault(
                "'layer' is \(node.text.map { "'\($0)'" } ?? node.form)", at: node.location,
                fix: Spelling.fix(for: node.text ?? "", among: words))
            return nil
        }
        return layer
    }

    private mutating func readSources(_ node: ManifestNode?) {
        guard let node else { return }
        guard let entries = node.entries else {
            fault("'sources' must be a mapping, found \(node.form)", at: node.location)
            return
        }
        for entry in entries {
            sourceNames.append(entry.key)
            if let source = readSource(entry.value, textKey: "text") { sources[entry.key] = source }
        }
    }

    private mutating func readSource(_ node: ManifestNode, textKey: String, ignoring ignored: [String] = []) -> Source?
    {
        var reader = SectionReader(node)
        for key in ignored { _ = reader.node(key, required: false) }
        let provenance = reader.choice("from", as: Provenance.self)
        let text = reader.text(textKey)
        findings += reader.finish()
        guard let provenance, let text else { return nil }
        return Source(provenance, text)
    }

    private mutating func readSection(
        _ node: ManifestNode, keys: [ProfileKey], extends: [ProfileLayer], path: [String], source: Source?,
        reserved: [String] = []
    ) -> ProfileSection {
        var section = ProfileSection(location: node.location)
        guard let entries = node.entries else {
            fault("'\(path.last ?? "")' must be a mapping, found \(node.form)", at: node.location)
            return section
        }
        let inherited = readDefaultSource(node) ?? source
        let known = keys.map(\.name) + ["source"] + (extends.isEmpty ? [] : ["extends"]) + reserved
        for entry in entries where entry.key != "source" {
            if entry.key == "extends", !extends.isEmpty {
                readReference(entry.value, layers: extends, path: path)
            } else if let key = keys.first(where: { $0.name == entry.key }) {
                section[key.name] =
                    readValue(entry.value, key: key, path: path + [key.name], source: inherited) ?? .faulty
            } else {
                fault(
                    "unknown key '\(entry.key)'", at: entry.keyLocation,
                    fix: Spelling.fix(for: entry.key, among: known))
            }
        }
        return section
    }

    private mutating func readDefaultSource(_ node: ManifestNode) -> Source? {
        guard let named = node["source"] else { return nil }
        guard let name = named.text else {
            fault("'source' must be the name of an entry of 'sources', found \(named.form)", at: named.location)
            return nil
        }
        return lookUp(name, at: named.location)
    }

    private mutating func lookUp(_ name: String, at location: SourceLocation) -> Source? {
        if !sourceNames.contains(name) {
            fault(
                "the source '\(name)' is not an entry of 'sources'", at: location,
                fix: Spelling.fix(for: name, among: sourceNames))
        }
        return sources[name]
    }

    private mutating func readReference(_ node: ManifestNode, layers: [ProfileLayer], path: [String]) {
        guard let name = node.text, !node.isNull else {
            fault("'extends' must be the name of a profile, found \(node.form)", at: node.location)
            return
        }
        references.append(Reference(path: path, layers: layers, name: name, location: node.location))
    }

    private mutating func readValue(
        _ node: ManifestNode, key: ProfileKey, path: [String], source: Source?
    ) -> ProfileTree? {
        switch key.kind {
        case .section(let keys, let layer):
            let bases = layer.map { [$0] } ?? []
            return .section(readSection(node, keys: keys, extends: bases, path: path, source: source))
        case .table(let keys):
            return .section(readTable(node, keys: keys, path: path, source: source))
        case .choices, .names:
            return readWords(node, key: key, source: source)
        case .text, .flag, .choice, .integer, .range, .count, .cycles, .cost, .bytes, .bits, .frequency, .bandwidth,
            .power, .energy, .energyPerBit, .voltage, .current, .length:
            return readLeaf(node, key: key, source: source)
        }
    }

    private mutating func readTable(
        _ node: ManifestNode, keys: [ProfileKey], path: [String], source: Source?
    ) -> ProfileSection {
        var table = ProfileSection(location: node.location)
        guard let entries = node.entries else {
            fault("'\(path.last ?? "")' must be a mapping from names, found \(node.form)", at: node.location)
            return table
        }
        let inherited = readDefaultSource(node) ?? source
        for entry in entries where entry.key != "source" {
            guard !entry.key.isEmpty, !entry.key.contains(".") else {
                fault("the name '\(entry.key)' is empty or holds a full stop", at: entry.keyLocation)
                continue
            }
            table[entry.key] = .section(
                readSection(entry.value, keys: keys, extends: [], path: path + [entry.key], source: inherited))
        }
        return table
    }

    private mutating func readWords(_ node: ManifestNode, key: ProfileKey, source: Source?) -> ProfileTree? {
        var words: [String] = []
        for item in node.items ?? [node] {
            guard let text = item.text, !item.isNull else {
                fault("'\(key.name)' must be a list of words, found \(item.form)", at: item.location)
                return nil
            }
            guard case .words(let read)? = parse(text, key: key, at: item.location) else { continue }
            words += read
        }
        return .leaf(ProfileLeaf(value: .words(words), location: node.location, source: source))
    }

    private mutating func readLeaf(_ node: ManifestNode, key: ProfileKey, source: Source?) -> ProfileTree? {
        if key.kind.isNumber, let inner = node["value"] {
            guard let text = inner.text else {
                fault("'value' must be a text, found \(inner.form)", at: inner.location)
                return nil
            }
            let own = readSource(node, textKey: "source", ignoring: ["value"])
            guard let value = parse(text, key: key, at: inner.location) else { return nil }
            return .leaf(ProfileLeaf(value: value, location: inner.location, source: own))
        }
        guard let text = node.text, !node.isNull else {
            fault("'\(key.name)' must be a value, found \(node.form)", at: node.location)
            return nil
        }
        guard key.kind.isNumber else {
            return parse(text, key: key, at: node.location).map {
                .leaf(ProfileLeaf(value: $0, location: node.location, source: source))
            }
        }
        return readNumber(text, key: key, at: node.location, source: source)
    }

    private mutating func readNumber(
        _ text: String, key: ProfileKey, at location: SourceLocation, source: Source?
    ) -> ProfileTree? {
        var written = text[...]
        var own = source
        var isNamed = source != nil
        if let mark = text.lastIndex(of: "@") {
            written = text[..<mark]
            while written.last == " " { written.removeLast() }
            own = lookUp(text[text.index(after: mark)...].drop { $0 == " " }.description, at: location)
            isNamed = true
        }
        guard let value = parse(String(written), key: key, at: location) else { return nil }
        if !isNamed {
            fault(
                "'\(key.name)' has no source", at: location,
                fix:
                    "add '@name' after the value, or 'source: name' to its section, where name is an entry of 'sources'"
            )
        }
        return .leaf(ProfileLeaf(value: value, location: location, source: own))
    }

    private mutating func parse(_ text: String, key: ProfileKey, at location: SourceLocation) -> ProfileValue? {
        do {
            return try key.kind.parse(text)
        } catch {
            fault("'\(key.name)': \(error.message)", at: location)
            return nil
        }
    }

    private mutating func fault(_ message: String, at location: SourceLocation, fix: String? = nil) {
        findings.append(Diagnostic(message, at: location, fix: fix))
    }
}
