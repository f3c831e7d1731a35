/// How the symbols of one stream, elements or the gaps between them, are written.
public enum SymbolCoding: String, Sendable, Hashable, Codable, CaseIterable {
    /// Every symbol at the stream's width.
    case plain
    /// A table of the distinct symbols, then a place of `ceil(log2 k)` bits in this table for each.
    case shared
    /// A table of the distinct symbols with the lengths of their words, then a word of the canonical Huffman code for each.
    case huffman
}
