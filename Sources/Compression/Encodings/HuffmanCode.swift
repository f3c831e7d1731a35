import Diagnostics

/// A canonical Huffman code: the lengths of the words say all (Huffman, 1952; Schwartz, Kallick, 1964).
///
/// Words of one length are consecutive numbers in the order of the symbols, shorter words come before longer ones, and a word
/// is stored from its highest bit on. A lone symbol has a word of no bits, so that the mean length `L` of a word and the
/// entropy `H` obey `H <= L < H + 1` always.
package struct HuffmanCode: Sendable, Hashable {
    /// Bits of the word of each symbol.
    package let lengths: [Int]
    /// No word is longer.
    static let longestWord = 63

    /// The code of least mean length; of equal counts, the earlier symbol is joined first.
    package init(counts: [Int]) {
        lengths = HuffmanCode.lengths(counts)
    }

    /// - Throws: `Diagnostic` unless the lengths are those of a complete code (Kraft's sum is 1).
    init(lengths: [Int]) throws {
        let isComplete: Bool
        if lengths.count == 1 {
            isComplete = lengths == [0]
        } else {
            isComplete = lengths.allSatisfy((1...Self.longestWord).contains) && Self.kraftSumIsOne(lengths)
        }
        guard isComplete else { throw Diagnostic("the lengths of words are those of no Huffman code") }
        self.lengths = lengths
    }

    package var longest: Int { lengths.max() ?? 0 }

    /// The words, their first bit lowest, as they are written.
    var words: [UInt64] {
        var words = [UInt64](repeating: 0, count: lengths.count)
        var (next, length) = (UInt64(0), 0)
        for place in order {
            next <<= UInt64(lengths[place] - length)
            length = lengths[place]
            words[place] = HuffmanCode.reversed(next, bits: length)
            next += 1
        }
        return words
    }

    /// Symbols by length of word, then by place.
    var order: [Int] {
        lengths.indices.sorted { lengths[$0] != lengths[$1] ? lengths[$0] < lengths[$1] : $0 < $1 }
    }

    private static func reversed(_ word: UInt64, bits: Int) -> UInt64 {
        (0..<bits).reduce(UInt64(0)) { $0 << 1 | word >> UInt64($1) & 1 }
    }

    /// Whether the sum of `2^-length` is 1, exactly.
    private static func kraftSumIsOne(_ lengths: [Int]) -> Bool {
        var ofLength = [Int](repeating: 0, count: longestWord + 1)
        for length in lengths { ofLength[length] += 1 }
        // Nodes of a binary tree that no word has taken yet, level by level; none may be lacking, none be left.
        var free = 1
        for level in 1...longestWord {
            guard free > 0, free <= lengths.count else { return false }
            free = 2 * free - ofLength[level]
            guard free >= 0 else { return false }
            if free == 0 { return ofLength[(level + 1)...].allSatisfy { $0 == 0 } }
        }
        return false
    }

    /// Joins the two rarest trees again and again; leaves and joined trees each wait in a queue of ascending count.
    private static func lengths(_ counts: [Int]) -> [Int] {
        guard counts.count > 1 else { return counts.map { _ in 0 } }
        let leaves = counts.indices.sorted { counts[$0] != counts[$1] ? counts[$0] < counts[$1] : $0 < $1 }
        var weights = leaves.map { counts[$0] }
        var parents = [Int](repeating: 0, count: 2 * counts.count - 1)
        var (nextLeaf, nextTree) = (0, counts.count)
        func rarest() -> Int {
            let takesLeaf =
                nextLeaf < counts.count && (nextTree == weights.count || weights[nextLeaf] <= weights[nextTree])
            if takesLeaf {
                nextLeaf += 1
                return nextLeaf - 1
            }
            nextTree += 1
            return nextTree - 1
        }
        for joined in counts.count..<parents.count {
            let (one, other) = (rarest(), rarest())
            (parents[one], parents[other]) = (joined, joined)
            weights.append(weights[one] + weights[other])
        }
        var depths = [Int](repeating: 0, count: parents.count)
        for tree in (0..<parents.count - 1).reversed() { depths[tree] = depths[parents[tree]] + 1 }
        var lengths = [Int](repeating: 0, count: counts.count)
        for (place, leaf) in leaves.enumerated() { lengths[leaf] = depths[place] }
        return lengths
    }
}
