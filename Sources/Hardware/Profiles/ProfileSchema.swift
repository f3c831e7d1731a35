public import Foundation
import Quantities

/// The JSON Schema of profile files, for editors; made from the keys that the checker uses.
public enum ProfileSchema {
    /// The schema as JSON text with sorted keys, draft 2020-12.
    public static func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(root())
    }

    private static func root() -> SchemaValue {
        let branches = ProfileLayer.allCases.map { layer in
            SchemaValue.object([
                "if": .object([
                    "properties": .object(["layer": .object(["const": .text(layer.rawValue)])]),
                    "required": .list([.text("layer")]),
                ]),
                "then": section(layer.keys, layers: layer.bases, isFile: true),
            ])
        }
        return .object([
            "$schema": .text("https://json-schema.org/draft/2020-12/schema"),
            "title": .text("Dovetail hardware profile"),
            "type": .text("object"),
            "required": .list([.text("layer")]),
            "properties": .object(["layer": words(ProfileLayer.allCases.map(\.rawValue))]),
            "allOf": .list(branches),
            "$defs": .object(definitions()),
        ])
    }

    /// Forms that many keys share, by name.
    private static func definitions() -> [String: SchemaValue] {
        var definitions = ["source": source(textKey: "text")]
        let numbers: [ProfileKey.Kind] = [
            .integer(0...0), .range(0...0), .count, .cycles, .cost, .bytes, .bits, .frequency, .bandwidth, .power,
            .energy, .energyPerBit, .voltage, .current, .length,
        ]
        for kind in numbers { definitions[kind.schemaName] = number(kind) }
        definitions["costs"] = section(ProfileKeys.instructions(.cost), layers: [], isFile: false)
        definitions["counts"] = section(ProfileKeys.instructions(.count), layers: [], isFile: false)
        return definitions
    }

    private static func reference(_ name: String) -> SchemaValue {
        .object(["$ref": .text("#/$defs/\(name)")])
    }

    private static func section(_ keys: [ProfileKey], layers: [ProfileLayer], isFile: Bool) -> SchemaValue {
        var properties: [String: SchemaValue] = [:]
        for key in keys {
            var schema = value(key.kind)
            if case .object(var entries) = schema {
                entries["description"] = .text(description(key))
                schema = .object(entries)
            }
            properties[key.name] = schema
        }
        properties["source"] = .object([
            "type": .text("string"), "description": .text("Source of the numbers of this section that name none."),
        ])
        if !layers.isEmpty {
            let names = layers.map(\.folder).joined(separator: " or ")
            properties["extends"] = .object([
                "type": .text("string"), "description": .text("Profile to start from, in \(names)."),
            ])
        }
        if isFile {
            properties["layer"] = .flag(true)
            properties["sources"] = .object([
                "type": .text("object"), "additionalProperties": .object(["$ref": .text("#/$defs/source")]),
            ])
        }
        return .object([
            "type": .text("object"), "properties": .object(properties), "additionalProperties": .flag(false),
        ])
    }

    private static func description(_ key: ProfileKey) -> String {
        switch key.presence {
        case .required: key.summary + " Required in a complete profile."
        case .optional: key.summary
        case .standard(let text): key.summary + " Standard: \(text)."
        }
    }

    private static func value(_ kind: ProfileKey.Kind) -> SchemaValue {
        switch kind {
        case .text: return .object(["type": .text("string")])
        case .flag: return .object(["type": .text("boolean")])
        case .choice(let choices): return words(choices)
        case .choices(let choices): return list(of: words(choices))
        case .names: return list(of: .object(["type": .text("string")]))
        case .section(let keys, _) where keys.first?.name == InstructionClass.allCases.first?.rawValue:
            return reference(keys.first?.kind.units.isEmpty == true ? "counts" : "costs")
        case .section(let keys, let layer): return section(keys, layers: layer.map { [$0] } ?? [], isFile: false)
        case .table(let keys):
            let entry = section(keys, layers: [], isFile: false)
            let source = SchemaValue.object(["type": .text("string")])
            return .object([
                "type": .text("object"), "properties": .object(["source": source]), "additionalProperties": entry,
            ])
        case .integer, .range, .count, .cycles, .cost, .bytes, .bits, .frequency, .bandwidth, .power, .energy,
            .energyPerBit, .voltage, .current, .length:
            return reference(kind.schemaName)
        }
    }

    /// A number: short with an optional `@source`, or long with `value`, `from` and `source`.
    private static func number(_ kind: ProfileKey.Kind) -> SchemaValue {
        let short = SchemaValue.object(["type": .text("string"), "pattern": .text(kind.pattern)])
        let bare = SchemaValue.object(["type": .text("number")])
        let written = kind.units.isEmpty ? [short, bare] : [short]
        var long = source(
            textKey: "source", extra: ["value": written.count == 1 ? short : .object(["anyOf": .list(written)])])
        if case .object(var entries) = long {
            entries["required"] = .list(["value", "from", "source"].map { .text($0) })
            long = .object(entries)
        }
        return .object(["anyOf": .list(written + [long])])
    }

    private static func source(textKey: String, extra: [String: SchemaValue] = [:]) -> SchemaValue {
        var properties = extra
        properties["from"] = words(Provenance.allCases.map(\.rawValue))
        properties[textKey] = .object(["type": .text("string")])
        return .object([
            "type": .text("object"), "properties": .object(properties), "additionalProperties": .flag(false),
            "required": .list([.text("from"), .text(textKey)]),
        ])
    }

    private static func words(_ words: [String]) -> SchemaValue {
        .object(["enum": .list(words.map { .text($0) })])
    }

    private static func list(of item: SchemaValue) -> SchemaValue {
        .object(["anyOf": .list([item, .object(["type": .text("array"), "items": item])])])
    }
}

extension ProfileKey.Kind {
    /// Units that a number of this kind may be written in; empty for a bare number.
    var units: [String] {
        switch self {
        case .text, .flag, .choice, .choices, .names, .integer, .range, .count, .section, .table: []
        case .cycles: Cycles.unitSymbols
        case .cost: CycleCost.unitSymbols
        case .bytes: Bytes.unitSymbols
        case .bits: Bits.unitSymbols
        case .frequency: Frequency.unitSymbols
        case .bandwidth: Bandwidth.unitSymbols
        case .power: Power.unitSymbols
        case .energy: Energy.unitSymbols
        case .energyPerBit: EnergyPerBit.unitSymbols
        case .voltage: Voltage.unitSymbols
        case .current: Current.unitSymbols
        case .length: Length.unitSymbols
        }
    }

    /// The name of this kind of number in the schema's definitions.
    var schemaName: String {
        switch self {
        case .integer: "integer"
        case .range: "range"
        case .count: "count"
        case .cycles, .cost: "cycles"
        case .bytes: "bytes"
        case .bits: "bits"
        case .frequency: "frequency"
        case .bandwidth: "bandwidth"
        case .power: "power"
        case .energy: "energy"
        case .energyPerBit: "energyPerBit"
        case .voltage: "voltage"
        case .current: "current"
        case .length: "length"
        case .text, .flag, .choice, .choices, .names, .section, .table: "value"
        }
    }

    /// A regular expression of the short form.
    var pattern: String {
        let number = "[0-9.]+([eE][-+]?[0-9]+)?"
        let source = "( *@ *[^@]+)?$"
        if case .range = self { return "^[0-9]+(\\.\\.[0-9]+)?" + source }
        guard !units.isEmpty else { return "^" + number + source }
        return "^" + number + " *(" + units.joined(separator: "|") + ")" + source
    }
}
