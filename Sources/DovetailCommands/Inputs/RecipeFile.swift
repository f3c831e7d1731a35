import Compression
import Diagnostics
import Foundation
import Manifests

/// A recipe as a person wrote it, in YAML or JSON, with the place of every entry.
struct RecipeFile: Sendable {
    let file: String
    private(set) var recipe = Recipe(steps: [])
    private(set) var findings: [Diagnostic]
    /// Places by the path of keys, and of layer patterns by their text.
    private var places: [String: SourceLocation] = [:]

    /// Reads a recipe and checks every step and parameter against the catalog.
    ///
    /// - Throws: `Diagnostics` with every fault.
    init(file: String, bytes: Data, catalog: StepCatalog = .standard) throws {
        self.file = file
        let manifest = Manifest(file: file, bytes: bytes)
        findings = manifest.findings
        if let root = manifest.root { read(root) }
        findings += catalog.findings(recipe, file: file).map(placed)
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }

    /// The steps of a list that stands within another file; faults are in `findings`.
    init(file: String, steps node: ManifestNode, catalog: StepCatalog = .standard) {
        self.file = file
        findings = []
        readSteps(node)
        if findings.isEmpty { findings = catalog.findings(recipe, file: file).map(placed) }
    }

    /// The steps, ready to be applied.
    func steps(catalog: StepCatalog = .standard) throws -> [any CompressionStep] {
        try catalog.steps(of: recipe, file: file)
    }

    /// A finding about the recipe as data, at its place in the file.
    func placed(_ finding: Diagnostic) -> Diagnostic {
        guard let location = finding.location, ["recipe", file].contains(location.file) else { return finding }
        var result = finding
        result.location = SourceLocation(file: file, position: location.position)
        if case .part(let part) = location.position, let place = places[part] { result.location = place }
        return result
    }

    /// A finding of a step that was applied, at the layer as the step names it, or else at the step.
    func placed(_ finding: Diagnostic, ofStep index: Int) -> Diagnostic {
        var result = placed(finding)
        guard [nil, "recipe", file].contains(result.location?.file) else { return result }
        switch result.location?.position {
        case .part(let part):
            result.location = places["steps[\(index)].layers.\(part)"] ?? places["steps[\(index)].step"]
        case .text: return result
        case nil, .byte, .whole: result.location = places["steps[\(index)].step"]
        }
        return result
    }

    private mutating func read(_ root: ManifestNode) {
        for (key, node) in entries(of: root, known: ["steps"], what: "a recipe") where key == "steps" {
            readSteps(node)
        }
        if findings.isEmpty, root["steps"] == nil { report("'steps' is missing", at: root.location) }
    }

    private mutating func readSteps(_ node: ManifestNode) {
        guard let items = node.items else {
            report("the steps are a list", at: node.location, fix: "begin each with '- step: NAME'")
            return
        }
        for item in items { readStep(item, at: "steps[\(recipe.steps.count)]") }
    }

    private mutating func readStep(_ node: ManifestNode, at path: String) {
        var entry = RecipeEntry(step: "")
        for (key, value) in entries(of: node, known: ["step", "layers", "parameters"], what: "a step") {
            places["\(path).\(key)"] = value.location
            switch key {
            case "step": entry.step = text(of: value, what: "the name of a step")
            case "layers": entry.layers = selection(value, at: "\(path).layers")
            default: entry.parameters = parameters(value, at: "\(path).parameters")
            }
        }
        if node.entries != nil, node["step"] == nil { report("'step' is missing", at: node.location) }
        if !entry.step.isEmpty { recipe.steps.append(entry) }
    }

    private mutating func selection(_ node: ManifestNode, at path: String) -> LayerSelection {
        let items = node.items ?? [node]
        return LayerSelection(
            items.map { item in
                let pattern = text(of: item, what: "a layer's name or pattern")
                places["\(path).\(pattern)"] = item.location
                return pattern
            })
    }

    private mutating func parameters(_ node: ManifestNode, at path: String) -> [String: ParameterValue] {
        guard let entries = node.entries else {
            if !node.isNull { report("the parameters are a mapping, not \(node.form)", at: node.location) }
            return [:]
        }
        var parameters: [String: ParameterValue] = [:]
        for entry in entries {
            places["\(path).\(entry.key)"] = entry.value.location
            parameters[entry.key] = value(of: entry.value)
        }
        return parameters
    }

    private mutating func value(of node: ManifestNode) -> ParameterValue? {
        switch node.content {
        case .scalar(let text, let isQuoted):
            if isQuoted { return .text(text) }
            if text == "true" || text == "false" { return .flag(text == "true") }
            return Double(text).map { .number($0) } ?? .text(text)
        case .sequence:
            report("a parameter is a number, a word, true, false or a table of numbers", at: node.location)
            return nil
        case .mapping(let entries):
            var table: [String: Double] = [:]
            for entry in entries {
                guard let number = entry.value.text.flatMap(Double.init) else {
                    report("'\(entry.key)' needs a number", at: entry.value.location)
                    continue
                }
                table[entry.key] = number
            }
            return .table(table)
        }
    }

    private mutating func text(of node: ManifestNode, what: String) -> String {
        if let text = node.text, !node.isNull { return text }
        report("\(what) is a text, not \(node.form)", at: node.location)
        return ""
    }

    /// The entries with known keys; the others are reported.
    private mutating func entries(
        of node: ManifestNode, known: [String], what: String
    ) -> [(key: String, value: ManifestNode)] {
        guard let entries = node.entries else {
            report("\(what) is a mapping, not \(node.form)", at: node.location)
            return []
        }
        for entry in entries where !known.contains(entry.key) {
            report(
                "\(what) has no key '\(entry.key)'", at: entry.keyLocation,
                fix: Spelling.fix(for: entry.key, among: known))
        }
        return entries.filter { known.contains($0.key) }.map { ($0.key, $0.value) }
    }

    private mutating func report(_ message: String, at location: SourceLocation, fix: String? = nil) {
        findings.append(Diagnostic(message, at: location, fix: fix))
    }
}
