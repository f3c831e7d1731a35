/// A machine-checkable proof of how far a choice can be from the best one within the budgets.
///
/// The proof is a tree over the space of choices. Each node gives steps of integer multipliers: with scale s and
/// weights w ≥ 0, every choice that the node admits and that keeps the budgets has
/// s · damage ≥ Σ over groups of the least (s · damage + w · cost) − w · (limit − base).
/// Cuts count as further resources.
/// Each step drops the options that this shows to be useless below the bound; after its steps a node is closed, or it
/// splits one group's options in two parts. Scale 0 speaks of feasibility alone.
public struct Certificate: Sendable, Hashable {
    /// The weight of one resource's limit.
    public struct Weight: Sendable, Hashable, Codable {
        /// Index of the resource.
        public var resource: Int
        /// The multiplier over the node's scale; not negative.
        public var weight: Int64

        /// Makes a weight.
        public init(resource: Int, weight: Int64) {
            self.resource = resource
            self.weight = weight
        }
    }

    /// The weight of one cut.
    public struct CutWeight: Sendable, Hashable, Codable {
        /// Index of the cut.
        public var cut: Int
        /// The multiplier over the node's scale; not negative.
        public var weight: Int64

        /// Makes a weight.
        public init(cut: Int, weight: Int64) {
            self.cut = cut
            self.weight = weight
        }
    }

    /// Some options of one group.
    public struct Member: Sendable, Hashable, Codable {
        /// Index of the group.
        public var group: Int
        /// The options.
        public var options: [Int]

        /// Makes a member.
        public init(group: Int, options: [Int]) {
            self.group = group
            self.options = options
        }
    }

    /// A consequence of one resource's limit: at most so many of the members can be chosen from.
    ///
    /// With each group's least amount taken off, any `atMost + 1` members together exceed what the limit leaves.
    public struct Cut: Sendable, Hashable, Codable {
        /// Index of the resource.
        public var resource: Int
        /// How many of the members a choice within the limit can draw from; it counts as a limit.
        public var atMost: Int
        /// Options of distinct groups; each counts as a cost of 1.
        public var members: [Member]

        /// Makes a cut.
        public init(resource: Int, atMost: Int, members: [Member]) {
            self.resource = resource
            self.atMost = atMost
            self.members = members
        }
    }

    /// The division of one group's options.
    public struct Split: Sendable, Hashable, Codable {
        /// Index of the group.
        public var group: Int
        /// The options of the first child; the second admits all others.
        public var left: [Int]

        /// Makes a split.
        public init(group: Int, left: [Int]) {
            self.group = group
            self.left = left
        }
    }

    /// Multipliers over a common denominator.
    public struct Step: Sendable, Hashable, Codable {
        /// The common denominator of the multipliers, or 0 when they speak of feasibility alone.
        public var scale: Int64
        /// The weights that are not zero.
        public var weights: [Weight]
        /// The weights of cuts that are not zero.
        public var cutWeights: [CutWeight]

        /// Makes a step.
        public init(scale: Int64, weights: [Weight], cutWeights: [CutWeight] = []) {
            self.scale = scale
            self.weights = weights
            self.cutWeights = cutWeights
        }
    }

    /// One part of the space.
    public struct Node: Sendable, Hashable, Codable {
        /// The multipliers, applied in turn.
        public var steps: [Step]
        /// The division; nil for a leaf.
        public var split: Split?

        /// Makes a node.
        public init(steps: [Step], split: Split?) {
            self.steps = steps
            self.split = split
        }
    }

    /// The version of this form.
    public static let schemaVersion = 1

    /// The plan; nil when none was found.
    public var choice: [Int]?
    /// The plan's summed damage.
    public var damage: Int128?
    /// The damage that no choice within the budgets goes below; nil claims that no choice keeps the budgets.
    public var bound: Int128?
    /// Consequences of single limits that the tree uses beside the limits themselves.
    public var cuts: [Cut]
    /// The tree in preorder: a node with a split is followed by its first child's tree and then by its second's.
    public var nodes: [Node]

    /// Makes a certificate from its parts.
    public init(choice: [Int]?, damage: Int128?, bound: Int128?, cuts: [Cut], nodes: [Node]) {
        self.cuts = cuts
        self.choice = choice
        self.damage = damage
        self.bound = bound
        self.nodes = nodes
    }

    /// The same bound with another plan; nil when the choice does not keep the problem's budgets.
    public func claiming(_ choice: [Int], of problem: ChoiceProblem) -> Certificate? {
        guard problem.isFeasible(choice), let damage = problem.damage(of: choice) else { return nil }
        return Certificate(choice: choice, damage: damage, bound: bound, cuts: cuts, nodes: nodes)
    }
}

extension Certificate: Codable {
    private enum CodingKeys: String, CodingKey {
        case schemaVersion, choice, damage, bound, cuts, nodes
    }

    /// Reads the form of `schemaVersion` 1, damages as decimal strings.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard try container.decode(Int.self, forKey: .schemaVersion) == Certificate.schemaVersion else {
            throw DecodingError.dataCorruptedError(
                forKey: .schemaVersion, in: container, debugDescription: "an unknown version of certificates")
        }
        choice = try container.decodeIfPresent([Int].self, forKey: .choice)
        damage = try Self.integer(.damage, in: container)
        bound = try Self.integer(.bound, in: container)
        cuts = try container.decode([Cut].self, forKey: .cuts)
        nodes = try container.decode([Node].self, forKey: .nodes)
    }

    private static func integer(
        _ key: CodingKeys, in container: KeyedDecodingContainer<CodingKeys>
    ) throws -> Int128? {
        guard let text = try container.decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let value = Int128(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "not a decimal integer of 128 bits")
        }
        return value
    }

    /// Writes the form of `schemaVersion` 1, damages as decimal strings.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Certificate.schemaVersion, forKey: .schemaVersion)
        try container.encodeIfPresent(choice, forKey: .choice)
        try container.encodeIfPresent(damage?.description, forKey: .damage)
        try container.encodeIfPresent(bound?.description, forKey: .bound)
        try container.encode(cuts, forKey: .cuts)
        try container.encode(nodes, forKey: .nodes)
    }
}
