/// A countable part of a chip: how much a network takes of it, and how much there is.
public struct ResourceUse: Sendable, Hashable, Codable {
    public var name: String
    public var used: Int
    public var available: Int

    public init(name: String, used: Int, available: Int) {
        self.name = name
        self.used = used
        self.available = available
    }

    public var fits: Bool { used <= available }
}
