import Codesign
import Compression
import Diagnostics
import Foundation
import Manifests

/// A design space as a person wrote it, in YAML or JSON; keys that are left out keep the standard axes.
struct SpaceFile {
    private(set) var space = DesignSpace.standard
    private var findings: [Diagnostic]

    /// - Throws: `Diagnostics` with every fault.
    init(file: String, bytes: Data) throws {
        let manifest = Manifest(file: file, bytes: bytes)
        findings = manifest.findings
        if let root = manifest.root { read(root) }
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }

    private static let keys = ["weightBits", "activationBits", "moves"]

    private mutating func read(_ root: ManifestNode) {
        guard let entries = root.entries else {
            report("a design space is a mapping, not \(root.form)", at: root)
            return
        }
        for entry in entries {
            switch entry.key {
            case "weightBits": space.weightBits = widths(entry.value)
            case "activationBits": space.activationBits = widths(entry.value)
            case "moves": space.moves = alternatives(entry.value)
            default:
                findings.append(
                    Diagnostic(
                        "a design space has no key '\(entry.key)'", at: entry.keyLocation,
                        fix: Spelling.fix(for: entry.key, among: Self.keys)))
            }
        }
    }

    private mutating func widths(_ node: ManifestNode) -> [Int] {
        guard let items = node.items, !items.isEmpty else {
            report("widths are a list of numbers, such as [8, 4]", at: node)
            return []
        }
        var widths: [Int] = []
        for item in items {
            guard let bits = item.text.flatMap(Int.init), (1...16).contains(bits) else {
                report("a width is a whole number of 1 to 16 bits", at: item)
                continue
            }
            if widths.contains(bits) { report("\(bits) stands here twice", at: item) }
            widths.append(bits)
        }
        return widths
    }

    /// The alternatives; leaving the structure as it is when there are none.
    private mutating func alternatives(_ node: ManifestNode) -> [[LayerChoice.Move]] {
        var alternatives: [[LayerChoice.Move]] = []
        for item in node.items ?? [node] {
            let alternative = moves(item)
            if alternatives.contains(alternative) { report("this alternative stands here twice", at: item) }
            alternatives.append(alternative)
        }
        return alternatives.isEmpty ? [[]] : alternatives
    }

    /// One alternative: a list of steps, or a single step.
    private mutating func moves(_ node: ManifestNode) -> [LayerChoice.Move] {
        let items = node.items ?? [node]
        let recipe = Recipe(
            steps: items.compactMap { item in
                entry(item)
            })
        for finding in StepCatalog.standard.findings(recipe, file: node.location.file) {
            findings.append(Diagnostic(finding.message, at: node.location, fix: finding.fix))
        }
        return recipe.steps.map { LayerChoice.Move(step: $0.step, parameters: $0.parameters) }
    }

    private mutating func entry(_ node: ManifestNode) -> RecipeEntry? {
        guard let entries = node.entries, let step = node["step"]?.text else {
            report("a move is a mapping with 'step' and 'parameters'", at: node)
            return nil
        }
        var parameters: [String: ParameterValue] = [:]
        for entry in entries where entry.key != "step" {
            guard entry.key == "parameters", let given = entry.value.entries else {
                report("a move has only 'step' and a mapping 'parameters'", at: entry.value)
                continue
            }
            for parameter in given {
                guard let text = parameter.value.text else {
                    report("a parameter of a move is a number or a word", at: parameter.value)
                    continue
                }
                parameters[parameter.key] = Double(text).map { .number($0) } ?? .text(text)
            }
        }
        return RecipeEntry(step: step, parameters: parameters)
    }

    private mutating func report(_ message: String, at node: ManifestNode) {
        findings.append(Diagnostic(message, at: node.location))
    }
}
