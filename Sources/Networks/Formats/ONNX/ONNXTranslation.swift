import Diagnostics
import FixedPoint
import Tensors

/// A network that grows node by node out of an ONNX graph, with all that was found wrong on the way.
struct ONNXTranslation {
    let fileName: String
    let rules: [String: ONNXRule]
    /// Versions of the operator sets that the model uses, by domain.
    var versions: [String: Int] = [:]
    var network: Network
    /// What each name of the graph stands for; nil for the result of a node that could not be translated.
    var values: [String: ONNXValue?] = [:]
    var findings: [Diagnostic] = []
    var valueNames = ONNXNames()
    var nodeNames = ONNXNames()
    /// The node that writes a value.
    var producers: [ValueID: Int] = [:]
    /// The value of which another one is a copy, elements moved but not changed.
    var origins: [ValueID: ValueID] = [:]
    /// The results behind the first of the node that is being translated.
    var furtherResults: [ONNXValue] = []
    /// Constants and other axis orders of values that are in the network already.
    var arrangements: [ONNXArrangement: ValueID] = [:]

    init(fileName: String, rules: [ONNXRule] = ONNXRule.standard) {
        self.fileName = fileName
        self.rules = Dictionary(rules.map { ("\($0.domain).\($0.type)", $0) }, uniquingKeysWith: { first, _ in first })
        network = Network(name: ONNXTranslation.stem(of: fileName), runtime: .onnxRuntime)
    }

    /// The version of the standard operator set.
    var version: Int { versions[""] ?? 0 }

    /// The network, not yet fused.
    ///
    /// - Throws: `Diagnostics` with every fault of the model.
    consuming func network(of model: ONNXModel) throws -> Network {
        checkVersions(of: model)
        readConstants(of: model.graph)
        readInputs(of: model.graph)
        for node in model.graph.node { translate(ONNXOperation(node)) }
        readOutputs(of: model.graph)
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return network
    }

    mutating func report(_ error: any Error, at place: String) {
        let location = SourceLocation(file: fileName, position: place.isEmpty ? .whole : .part(place))
        switch error {
        case var finding as Diagnostic:
            finding.location = location
            findings.append(finding)
        default: findings.append(Diagnostic("\(error)", at: location))
        }
    }

    private mutating func checkVersions(of model: ONNXModel) {
        guard model.hasGraph, !model.opsetImport.isEmpty else {
            report(Diagnostic("not an ONNX model: it has no graph or names no operator set"), at: "")
            return
        }
        for set in model.opsetImport {
            versions[set.domain == "ai.onnx" ? "" : set.domain] = ONNXOperation.bounded(set.version)
        }
        guard !ONNXTranslation.knownVersions.contains(version) else { return }
        let known = ONNXTranslation.knownVersions
        let message = "operator set \(version); the reader knows \(known.lowerBound) to \(known.upperBound)"
        report(Diagnostic(message, fix: "export or convert the model to one of these"), at: "")
    }

    /// Translates one node; its outputs stay unknown when that fails.
    private mutating func translate(_ operation: ONNXOperation) {
        var result: ONNXValue?
        furtherResults = []
        do {
            guard let rule = rule(for: operation) else {
                let domain = operation.domain.isEmpty ? "" : " of \(operation.domain)"
                throw Diagnostic("operator \(operation.node.opType)\(domain) is not supported")
            }
            if try operands(of: operation) { result = try rule.apply(to: operation, in: &self) }
        } catch {
            report(error, at: operation.place)
        }
        for (index, output) in operation.node.output.enumerated() where !output.isEmpty {
            let known = index == 0 ? result : furtherResults[safely: index - 1]
            if values.updateValue(known, forKey: output) != nil {
                report(Diagnostic("writes '\(output)' a second time"), at: operation.place)
            }
        }
    }

    /// The rule of an operation; early files have QONNX's operators in the standard domain.
    private func rule(for operation: ONNXOperation) -> ONNXRule? {
        let type = operation.node.opType
        return rules["\(operation.domain).\(type)"] ?? (operation.domain.isEmpty ? rules["qonnx.\(type)"] : nil)
    }

    /// Whether every operand is known; an operand that an earlier fault left unknown is no fault of its own.
    private func operands(of operation: ONNXOperation) throws -> Bool {
        var known = true
        for input in operation.node.input where !input.isEmpty {
            guard let value = values[input] else { throw Diagnostic("reads '\(input)' before it is written") }
            if value == nil {
                guard !findings.isEmpty else {
                    throw Diagnostic("reads '\(input)', a further output of its node that is not supported")
                }
                known = false
            }
        }
        return known
    }

    private static let knownVersions = 7...24

    private static func stem(of fileName: String) -> String {
        let name = fileName.split(separator: "/").last.map(String.init) ?? fileName
        return name.hasSuffix(".onnx") ? String(name.dropLast(5)) : name
    }
}
