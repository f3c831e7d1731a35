public import Foundation

/// What a command may know of the process that it runs in.
public struct Surroundings: Sendable {
    /// The environment variables.
    public var variables: [String: String]
    /// The executable file, for finding the files that come with it.
    public var executable: URL?
    /// Whether a person watches the standard error output.
    public var isWatched: Bool

    public init(variables: [String: String] = [:], executable: URL? = nil, isWatched: Bool = false) {
        self.variables = variables
        self.executable = executable
        self.isWatched = isWatched
    }
}
