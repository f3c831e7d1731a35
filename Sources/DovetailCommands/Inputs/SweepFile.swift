import Codesign
import Compression
import Diagnostics
import Foundation
import Manifests

/// Methods to compare, as a person wrote them in YAML or JSON: each a recipe, some with a parameter that varies.
struct SweepFile {
    private(set) var entries: [SweepEntry] = []
    private let file: String
    private var findings: [Diagnostic]
    /// Steps behind those of every method.
    private var finish: [RecipeEntry] = []

    /// - Throws: `Diagnostics` with every fault.
    init(file: String, bytes: Data) throws {
        self.file = file
        let manifest = Manifest(file: file, bytes: bytes)
        findings = manifest.findings
        if let root = manifest.root { read(root) }
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }

    private mutating func read(_ root: ManifestNode) {
        refuseUnknownKeys(of: root, known: ["finish", "methods"], what: "a sweep")
        if let node = root["finish"] { finish = steps(node) }
        guard let methods = root["methods"]?.items else {
            return report("'methods' is missing or no list", at: root)
        }
        for method in methods { readMethod(method) }
        let names = Set(entries.map(\.method))
        for method in methods {
            guard let naive = method["naive"], let name = naive.text, !names.contains(name) else { continue }
            report("no method is called '\(name)'", at: naive)
        }
    }

    private mutating func readMethod(_ node: ManifestNode) {
        refuseUnknownKeys(of: node, known: ["name", "naive", "steps", "vary", "finish"], what: "a method")
        guard let name = node["name"]?.text, let body = node["steps"] else {
            return report("a method has a 'name' and 'steps'", at: node)
        }
        let (own, last) = (steps(body), node["finish"].map { steps($0) } ?? finish)
        for (strength, varied) in variants(of: own, node["vary"]) {
            let recipe = Recipe(steps: varied + last)
            let faults = StepCatalog.standard.findings(recipe, file: file)
            if let fault = faults.first, findings.isEmpty { report(fault.message, at: node["vary"] ?? body) }
            entries.append(
                SweepEntry(method: name, strength: strength, naive: node["naive"]?.text, recipe: recipe))
        }
    }

    /// One list of steps for each value of the parameter that varies; it belongs to the last step that has it.
    private mutating func variants(
        of steps: [RecipeEntry], _ vary: ManifestNode?
    ) -> [(strength: String, steps: [RecipeEntry])] {
        guard let vary else { return [("", steps)] }
        guard let entries = vary.entries, entries.count == 1, let values = entries[0].value.items else {
            report("'vary' names one parameter of a step and a list of its values", at: vary)
            return []
        }
        let parameter = entries[0].key
        let owners = StepCatalog.standard.descriptions.filter { $0.parameters.contains { $0.name == parameter } }
        guard let place = steps.lastIndex(where: { entry in owners.contains { $0.name == entry.step } }) else {
            report("no step of the method has a parameter '\(parameter)'", at: vary)
            return []
        }
        return values.compactMap { value in
            guard let text = value.text else {
                report("a value of '\(parameter)' is a number or a word", at: value)
                return nil
            }
            var varied = steps
            varied[place].parameters[parameter] = Double(text).map { .number($0) } ?? .text(text)
            return ("\(parameter)=\(text)", varied)
        }
    }

    private mutating func steps(_ node: ManifestNode) -> [RecipeEntry] {
        let recipe = RecipeFile(file: file, steps: node)
        findings += recipe.findings
        return recipe.recipe.steps
    }

    private mutating func refuseUnknownKeys(of node: ManifestNode, known: [String], what: String) {
        guard let entries = node.entries else { return report("\(what) is a mapping, not \(node.form)", at: node) }
        for entry in entries where !known.contains(entry.key) {
            findings.append(
                Diagnostic(
                    "\(what) has no key '\(entry.key)'", at: entry.keyLocation,
                    fix: Spelling.fix(for: entry.key, among: known)))
        }
    }

    private mutating func report(_ message: String, at node: ManifestNode) {
        findings.append(Diagnostic(message, at: node.location))
    }
}
