import Diagnostics
import Manifests

extension ProfileSection {
    /// Fills in standard values and reports required keys that no file gave.
    ///
    /// - Parameter isPart: `true` for a core or chip, whose missing keys a board may give.
    func completed(_ keys: [ProfileKey], path: String, isPart: Bool, findings: inout [Diagnostic]) -> ProfileSection {
        var result = ProfileSection(location: location)
        for key in keys {
            let place = path.isEmpty ? key.name : "\(path).\(key.name)"
            if let tree = self[key.name] {
                result[key.name] = Self.completed(tree, key: key, path: place, isPart: isPart, findings: &findings)
                continue
            }
            switch key.presence {
            case .optional: break
            case .required:
                if !isPart {
                    findings.append(Diagnostic("the key '\(place)' is missing", at: location, fix: key.summary))
                }
            case .standard(let text):
                let source = Source(.assumed, "standard value of the key")
                if let value = key.kind.standard(text) {
                    result[key.name] = .leaf(ProfileLeaf(value: value, location: location, source: source))
                }
            }
        }
        return result
    }

    private static func completed(
        _ tree: ProfileTree, key: ProfileKey, path: String, isPart: Bool, findings: inout [Diagnostic]
    ) -> ProfileTree {
        guard case .section(let section) = tree else { return tree }
        switch key.kind {
        case .section(let keys, _):
            return .section(section.completed(keys, path: path, isPart: isPart, findings: &findings))
        case .table(let keys):
            var result = ProfileSection(location: section.location)
            for entry in section.entries {
                guard case .section(let inner) = entry.tree else { continue }
                result[entry.key] = .section(
                    inner.completed(keys, path: "\(path).\(entry.key)", isPart: isPart, findings: &findings))
            }
            return .section(result)
        case .text, .flag, .choice, .choices, .names, .integer, .range, .count, .cycles, .cost, .bytes, .bits,
            .frequency, .bandwidth, .power, .energy, .energyPerBit, .voltage, .current, .length:
            return tree
        }
    }
}

extension ProfileKey.Kind {
    /// The value of a key's standard text; a list may be written in brackets.
    func standard(_ text: String) -> ProfileValue? {
        guard text.hasPrefix("[") else { return try? parse(text) }
        let words = text.dropFirst().dropLast().split(separator: ",").map { $0.drop { $0 == " " }.description }
        return .words(words)
    }
}
