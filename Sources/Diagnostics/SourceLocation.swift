/// A place in an input: a line and column of a text, a byte of a binary file, or a named part of it.
public struct SourceLocation: Sendable, Hashable {
    /// The position inside the file.
    public enum Position: Sendable, Hashable {
        /// One-based line and column of a text.
        case text(line: Int, column: Int)
        /// Zero-based offset in a binary file.
        case byte(offset: Int)
        /// A named part, such as a node or a tensor of a network.
        case part(String)
        /// The file as a whole.
        case whole
    }

    /// The file's name as the user wrote it.
    public var file: String
    public var position: Position

    public init(file: String, position: Position = .whole) {
        self.file = file
        self.position = position
    }
}
