/// The reference of all profile keys as Markdown, made from the keys that the checker uses.
public enum ProfileReference {
    /// Tables of keys for each layer, with form, units, presence and meaning.
    public static func markdown() -> String {
        var sections: [String] = []
        for (title, keys) in [
            ("Core files (`layer: core`), and the section `core` of a device", ProfileKeys.core),
            ("Chip, board and accelerator files (`layer: chip | board | accelerator`)", ProfileKeys.device),
        ] {
            sections += tables(title: title, keys: keys)
        }
        sections += tables(title: "Runtime library files (`layer: runtime`)", keys: ProfileKeys.runtime)
        return sections.joined(separator: "\n")
    }

    private static func tables(title: String, keys: [ProfileKey]) -> [String] {
        var result = ["### \(title)\n", "| key | value | required | meaning |", "| --- | --- | --- | --- |"]
        var inner: [[String]] = []
        for key in keys {
            result.append("| `\(key.name)` | \(form(key.kind)) | \(presence(key)) | \(key.summary) |")
            switch key.kind {
            case .section(let keys, nil) where keys.first?.name != InstructionClass.allCases.first?.rawValue:
                inner.append(tables(title: "Section `\(key.name)`", keys: keys))
            case .section(let keys, nil) where key.name == "costs" || key.name == "inner":
                inner.append(tables(title: "Classes of instruction in `\(key.name)`", keys: keys))
            case .table(let keys):
                inner.append(tables(title: "Each entry of `\(key.name)`", keys: keys))
            case .text, .flag, .choice, .choices, .names, .integer, .range, .count, .cycles, .cost, .bytes, .bits,
                .frequency, .bandwidth, .power, .energy, .energyPerBit, .voltage, .current, .length, .section:
                break
            }
        }
        return result + [""] + inner.flatMap { $0 }
    }

    private static func presence(_ key: ProfileKey) -> String {
        switch key.presence {
        case .required: "yes"
        case .optional: "no"
        case .standard(let text): "no, `\(text)`"
        }
    }

    private static func form(_ kind: ProfileKey.Kind) -> String {
        switch kind {
        case .text: "text"
        case .flag: "`true` or `false`"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .choices(let words): "list of " + words.map { "`\($0)`" }.joined(separator: ", ")
        case .names: "list of names"
        case .integer(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .range: "range of widths in bits, `1..8`"
        case .count: "number, at most three decimals"
        case .section(_, let layer): layer.map { "section, or `extends:` a \($0.rawValue)" } ?? "section"
        case .table: "mapping from names to sections"
        case .cycles, .cost, .bytes, .bits, .frequency, .bandwidth, .power, .energy, .energyPerBit, .voltage,
            .current, .length:
            "number with unit: " + kind.units.map { "`\($0)`" }.joined(separator: ", ")
        }
    }
}
