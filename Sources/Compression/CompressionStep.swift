import Diagnostics
import Networks
import Quantities
import Tensors

/// One method of compression with its parameters: a function from a compressed network to another.
///
/// To add a method: one file in its family's folder of `Steps`, and one line in `StepCatalog.standard`.
public protocol CompressionStep: Sendable {
    /// Name, citation and parameters.
    static var description: StepDescription { get }

    /// Which layers to work on.
    var layers: LayerSelection { get }

    /// The parameters by name, as they stand in a recipe.
    var parameters: [String: ParameterValue] { get }

    /// What the step does with these parameters, as far as the legal order is concerned.
    var category: StepCategory { get }

    /// - Precondition: `parameters` has passed `description.findings`, so that types and ranges hold.
    init(layers: LayerSelection, parameters: StepParameters)

    /// The compressed network after the step.
    ///
    /// Called by `CompressedNetwork.applying`, which checks parameters, selection and order first.
    /// - Throws: `Diagnostics` naming the layer and the reason.
    func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome
}

/// What a step made.
public struct StepOutcome: Sendable {
    public var compressed: CompressedNetwork
    /// Names of the layers changed or made.
    public var touched: [String]
    /// What was decided on the way, a sentence each.
    public var remarks: [String]

    public init(_ compressed: CompressedNetwork, touched: [String], remarks: [String] = []) {
        self.compressed = compressed
        self.touched = touched
        self.remarks = remarks
    }
}

extension CompressionStep {
    /// The step as it stands in a recipe.
    public var entry: RecipeEntry {
        RecipeEntry(step: Self.description.name, layers: layers, parameters: parameters)
    }

    /// Applies this step alone.
    ///
    /// - Throws: `Diagnostics` naming the layer and the reason.
    public func apply(
        to compressed: CompressedNetwork, observing observer: any ActivationObserver
    ) throws -> CompressedNetwork {
        try compressed.applying(self, observing: observer)
    }
}

extension CompressedNetwork {
    /// Applies one step: checks parameters, selection and order, transforms, checks the weights' numbers.
    ///
    /// - Throws: `Diagnostics` naming the layer and the reason.
    public func applying(
        _ step: any CompressionStep, observing observer: any ActivationObserver
    ) throws -> CompressedNetwork {
        let description = type(of: step).description
        let findings = description.findings(step.parameters, at: description.name)
        guard findings.isEmpty else { throw Diagnostics(findings) }
        let selected = try step.layers.resolve(in: self)
        try refuseIllegalOrder(of: step, on: selected)
        try refuseUnusableNumbers()
        let outcome = try outcome(of: step, on: selected, observing: observer)
        var result = outcome.compressed
        result.network = result.network.compacted()
        result.dropStaleStorage()
        try result.refuseFaults(of: description.name)
        let remarks = outcome.remarks + result.lostForms(of: self) + result.changes(since: self)
        let touched = Set(outcome.touched)
        let names = result.network.nodes.map(\.name).filter(touched.contains)
        result.history.append(
            AppliedStep(entry: step.entry, category: step.category, layers: names, remarks: remarks))
        return result
    }

    /// Forgets stored forms of constants that are gone, and compositions of which a step left the elements no longer true.
    private mutating func dropStaleStorage() {
        let constants = Dictionary(
            network.values.compactMap { value in value.constant.map { (value.name, $0) } },
            uniquingKeysWith: { first, _ in first })
        encodings = encodings.filter { constants[$0.key] != nil }
        grids = grids.filter { constants[$0.key] != nil }
        compositions = compositions.filter { name, composition in constants[name].map(composition.composes) ?? false }
    }

    /// Which layers' weights were composed from parts before a step that changed them, a sentence each.
    private func lostForms(of before: CompressedNetwork) -> [String] {
        network.nodes.compactMap { node in
            guard let value = node.weights.map({ network[$0] }), let constant = value.constant,
                compositions[value.name] == nil, let lost = before.compositions[value.name], !lost.composes(constant)
            else { return nil }
            return "layer '\(node.name)': its weights are no longer composed from \(lost.size.count) bits of parts"
        }
    }

    /// What the step makes; a refusal that names no layer has at least the step for its place.
    private func outcome(
        of step: any CompressionStep, on layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let place = SourceLocation(file: "recipe", position: .part(type(of: step).description.name))
        func placed(_ finding: Diagnostic) -> Diagnostic {
            var result = finding
            result.location = finding.location ?? place
            return result
        }
        do {
            return try step.transform(self, layers: layers, observing: observer)
        } catch let findings as Diagnostics {
            throw Diagnostics(findings.findings.map(placed))
        } catch let finding as Diagnostic {
            throw Diagnostics([placed(finding)])
        }
    }

    /// What a step made must be a network that can be written, read and run.
    private func refuseFaults(of step: String) throws {
        let findings = faults(file: "recipe").map { fault -> Diagnostic in
            guard case .part(let part)? = fault.location?.position else { return fault }
            return Diagnostic(
                "\(step) makes of '\(part)' what cannot be executed: \(fault.message)", at: fault.location)
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }

    private func refuseIllegalOrder(of step: any CompressionStep, on selected: [String]) throws {
        var findings: [Diagnostic] = []
        for earlier in history {
            guard let reason = step.category.refusal(after: earlier.category),
                let layer = earlier.layers.first(where: selected.contains)
            else { continue }
            let name = type(of: step).description.name
            findings.append(Diagnostic(layer: layer, "\(name) cannot follow \(earlier.entry.step): \(reason)"))
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }

    private func refuseUnusableNumbers() throws {
        let findings = network.unusableNumbers
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }
}

extension Diagnostic {
    /// A fault of one layer of the network that is being compressed.
    package init(layer: String, _ message: String, fix: String? = nil) {
        self.init(
            "layer '\(layer)': \(message)", at: SourceLocation(file: "recipe", position: .part(layer)), fix: fix)
    }

    /// The same fault, one of this layer unless it has a place already.
    func ofLayer(_ layer: String) -> Diagnostic {
        location == nil ? Diagnostic(layer: layer, message, fix: fix) : self
    }
}
