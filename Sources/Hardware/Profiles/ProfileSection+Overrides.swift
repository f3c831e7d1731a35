import Diagnostics
import Manifests
import Quantities

extension ProfileSection {
    /// Applies `KEY=VALUE` texts, KEY a dotted path of the resolved profile, with the checks of the key.
    func overriding(_ texts: [String], keys: [ProfileKey], findings: inout [Diagnostic]) -> ProfileSection {
        var result = self
        for text in texts {
            let location = SourceLocation(file: "--set", position: .part(text))
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                findings.append(Diagnostic("not of the form KEY=VALUE", at: location, fix: "write 'clock=80MHz'"))
                continue
            }
            let path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let value = text[text.index(after: equals)...].description
            do {
                try result.set(path[...], to: value, keys: keys, at: location)
            } catch {
                findings.append(error)
            }
        }
        return result
    }

    private mutating func set(
        _ path: ArraySlice<String>, to text: String, keys: [ProfileKey], at location: SourceLocation
    ) throws(Diagnostic) {
        guard let name = path.first else {
            throw Diagnostic(
                "a whole section cannot be set", at: location,
                fix: "write a '.' and one of its keys behind it: \(keys.map(\.name).joined(separator: ", "))")
        }
        guard let key = keys.first(where: { $0.name == name }) else {
            throw Diagnostic(
                "unknown key '\(name)'", at: location, fix: Spelling.fix(for: name, among: keys.map(\.name)))
        }
        switch key.kind {
        case .section(let inner, _):
            var nested = section(name) ?? ProfileSection(location: location)
            try nested.set(path.dropFirst(), to: text, keys: inner, at: location)
            self[name] = .section(nested)
        case .table(let inner):
            var table = section(name) ?? ProfileSection(location: location)
            let entryName = path.dropFirst().first ?? ""
            guard var entry = table.section(entryName) else {
                throw Diagnostic(
                    "'\(name)' has no entry '\(entryName)'", at: location,
                    fix: Spelling.fix(for: entryName, among: table.entries.map(\.key)))
            }
            try entry.set(path.dropFirst(2), to: text, keys: inner, at: location)
            table[entryName] = .section(entry)
            self[name] = .section(table)
        case .text, .flag, .choice, .choices, .names, .integer, .range, .count, .cycles, .cost, .bytes, .bits,
            .frequency, .bandwidth, .power, .energy, .energyPerBit, .voltage, .current, .length:
            guard path.count == 1 else { throw Diagnostic("'\(name)' has no keys below it", at: location) }
            let source = Source(.assumed, "set by the user")
            self[name] = .leaf(
                ProfileLeaf(value: try Self.value(text, key: key, at: location), location: location, source: source))
        }
    }

    private static func value(
        _ text: String, key: ProfileKey, at location: SourceLocation
    ) throws(Diagnostic) -> ProfileValue {
        do {
            guard text.hasPrefix("["), text.hasSuffix("]") else { return try key.kind.parse(text) }
            var words: [String] = []
            for word in text.dropFirst().dropLast().split(separator: ",") {
                let trimmed = word.drop { $0 == " " }.description
                if case .words(let read) = try key.kind.parse(trimmed) { words += read }
            }
            return .words(words)
        } catch {
            throw Diagnostic("'\(key.name)': \(error.message)", at: location)
        }
    }
}
