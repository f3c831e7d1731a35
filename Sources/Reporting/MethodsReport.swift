public import Compression

/// Every compression method: what it does, where it was published, its parameters and its place in an order.
public struct MethodsReport: Report {
    /// One method as programs see it.
    public struct Method: Encodable, Sendable {
        var name: String
        var summary: String
        var citation: String
        var categories: [StepCategory]
        var profits: [Profit]
        var legalPredecessors: [StepCategory]
        var legalSuccessors: [StepCategory]
        var parameters: [Parameter]
    }

    /// One parameter: its kind and its bounds, as far as it has any.
    public struct Parameter: Encodable, Sendable {
        var name: String
        var summary: String
        /// `flag`, `integer`, `number`, `choice` or `table`.
        var kind: String
        var minimum: Double?
        var maximum: Double?
        var choices: [String]?
        /// As a recipe writes it; absent when the parameter may be left out without one.
        var defaultValue: String?
    }

    public var methods: [Method]

    public init(_ descriptions: [StepDescription]) {
        methods = descriptions.map(Method.init)
    }

    public var text: String {
        methods.map(\.text).joined(separator: "\n")
    }
}

extension MethodsReport.Method {
    init(_ step: StepDescription) {
        self.init(
            name: step.name, summary: step.summary, citation: step.citation, categories: step.categories,
            profits: step.profits, legalPredecessors: step.legalPredecessors, legalSuccessors: step.legalSuccessors,
            parameters: step.parameters.map(MethodsReport.Parameter.init))
    }

    var text: String {
        var table = TextTable([.left("parameter"), .left("values"), .left("default"), .left("meaning")])
        for parameter in parameters {
            table.append([parameter.name, parameter.domain, parameter.defaultValue ?? "-", parameter.summary])
        }
        let lines = [
            name, "  \(summary).", "  Source: \(citation)",
            "  Pays in:                 \(profits.map(\.rawValue).joined(separator: ", "))",
            "  May follow on a layer:   \(Self.list(legalPredecessors))",
            "  May precede on a layer:  \(Self.list(legalSuccessors))",
        ]
        let parameterLines = parameters.isEmpty ? [] : table.text.split(separator: "\n").map { "  \($0)" }
        return (lines + parameterLines).map { $0 + "\n" }.joined()
    }

    private static func list(_ categories: [StepCategory]) -> String {
        categories.isEmpty ? "nothing" : categories.map(\.rawValue).joined(separator: ", ")
    }
}

extension MethodsReport.Parameter {
    init(_ parameter: ParameterDescription) {
        self.init(name: parameter.name, summary: parameter.summary, kind: "")
        switch parameter.domain {
        case .flag(let value):
            kind = "flag"
            defaultValue = "\(value)"
        case .integer(let range, let value):
            kind = "integer"
            (minimum, maximum) = (Double(range.lowerBound), Double(range.upperBound))
            defaultValue = value.map(String.init)
        case .number(let range, let value):
            kind = "number"
            (minimum, maximum) = (range.lowerBound, range.upperBound)
            defaultValue = value.map { Figures.plain($0) }
        case .choice(let words, let value):
            kind = "choice"
            choices = words
            defaultValue = value
        case .table(let range):
            kind = "table"
            (minimum, maximum) = (Double(range.lowerBound), Double(range.upperBound))
        }
    }

    /// The values that it may take, for people.
    var domain: String {
        let range = [minimum, maximum].compactMap { $0.map(Figures.plain) }.joined(separator: "...")
        return switch kind {
        case "flag": "true, false"
        case "choice": (choices ?? []).joined(separator: ", ")
        case "table": "\(range) by layer"
        default: range
        }
    }
}
