/// Why tables do not make a choice problem.
public enum ChoiceProblemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A group has no option.
    case emptyGroup(group: Int)
    /// A resource names a budget that is not there.
    case unknownBudget(resource: Int)
    /// An option names a resource that is not there, or the same one twice.
    case invalidCost(group: Int, option: Int, resource: Int)
    /// More groups, resources or options than exact 128-bit sums allow (2^20 groups, 2^12 resources, 2^20 options).
    case tooLarge

    /// One sentence for a person.
    public var description: String {
        switch self {
        case .emptyGroup(let group): "group \(group) has no option"
        case .unknownBudget(let resource): "resource \(resource) names a budget that is not there"
        case .invalidCost(let group, let option, let resource):
            "option \(option) of group \(group) names resource \(resource), which is not there or is named twice"
        case .tooLarge: "the tables are too large"
        }
    }
}

extension ChoiceProblem {
    static let largestGroupCount = 1 << 20
    static let largestResourceCount = 1 << 12

    func check() throws(ChoiceProblemError) {
        guard groups.count <= Self.largestGroupCount, resources.count <= Self.largestResourceCount else {
            throw .tooLarge
        }
        for (index, resource) in resources.enumerated() where !budgets.indices.contains(resource.budget) {
            throw .unknownBudget(resource: index)
        }
        var lastOption = [Int](repeating: -1, count: resources.count)
        var serial = 0
        for (groupIndex, group) in groups.enumerated() {
            guard !group.options.isEmpty else { throw .emptyGroup(group: groupIndex) }
            guard group.options.count <= Self.largestGroupCount else { throw .tooLarge }
            for (optionIndex, option) in group.options.enumerated() {
                for cost in option.costs {
                    guard resources.indices.contains(cost.resource), lastOption[cost.resource] != serial else {
                        throw .invalidCost(group: groupIndex, option: optionIndex, resource: cost.resource)
                    }
                    lastOption[cost.resource] = serial
                }
                serial += 1
            }
        }
    }
}
