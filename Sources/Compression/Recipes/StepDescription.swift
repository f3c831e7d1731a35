public import Diagnostics

/// What a step says of itself: for lists, recipes and design spaces.
public struct StepDescription: Sendable, Hashable, Codable {
    /// The name in recipes, lower case words joined by hyphens.
    public var name: String
    /// One sentence without a final full stop.
    public var summary: String
    /// Authors, title and year.
    public var citation: String
    public var parameters: [ParameterDescription]
    /// What the step may do, depending on its parameters.
    public var categories: [StepCategory]
    /// What of a device profits from it.
    public var profits: [Profit]

    public init(
        name: String, summary: String, citation: String, parameters: [ParameterDescription],
        categories: [StepCategory], profits: [Profit]
    ) {
        self.name = name
        self.summary = summary
        self.citation = citation
        self.parameters = parameters
        self.categories = categories
        self.profits = profits
    }

    /// Categories that may come earlier on the same layer, whatever this step's parameters.
    public var legalPredecessors: [StepCategory] {
        StepCategory.allCases.filter { earlier in categories.allSatisfy { $0.refusal(after: earlier) == nil } }
    }

    /// Categories that may come later on the same layer, whatever this step's parameters.
    public var legalSuccessors: [StepCategory] {
        StepCategory.allCases.filter { later in categories.allSatisfy { later.refusal(after: $0) == nil } }
    }

    /// All faults of the parameters given for this step; `place` names the entry in the findings.
    public func findings(
        _ given: [String: ParameterValue], at place: String, file: String = "recipe"
    ) -> [Diagnostic] {
        given.sorted { $0.key < $1.key }.compactMap { name, value in
            let location = SourceLocation(file: file, position: .part("\(place).\(name)"))
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                let known = parameters.map(\.name).joined(separator: ", ")
                return Diagnostic(
                    "step '\(self.name)' has no parameter '\(name)'", at: location, fix: "it has: \(known)")
            }
            return parameter.refusal(of: value).map { Diagnostic("parameter '\(name)': \($0)", at: location) }
        }
    }
}
