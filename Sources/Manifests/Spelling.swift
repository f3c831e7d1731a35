/// Suggestions for misspelt words.
public enum Spelling {
    /// The candidate nearest to a word by edits, if it is near enough to be meant; ties go to the earlier candidate.
    public static func nearest(to word: String, among candidates: [String]) -> String? {
        guard word.count <= 60 else { return nil }
        let folded = Array(word.lowercased())
        let limit = max(1, min(3, folded.count / 3))
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where abs(candidate.count - folded.count) <= limit {
            let distance = edits(folded, Array(candidate.lowercased()))
            if distance <= limit, distance < best?.distance ?? Int.max { best = (distance, candidate) }
        }
        return best?.candidate
    }

    /// What to write instead of a word: the nearest candidate, or all of them when they are few.
    public static func fix(for word: String, among candidates: [String]) -> String? {
        if let nearest = nearest(to: word, among: candidates) { return "did you mean '\(nearest)'?" }
        guard !candidates.isEmpty, candidates.count <= 24 else { return nil }
        return "write one of \(candidates.joined(separator: ", "))"
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into another.
    private static func edits(_ first: [Character], _ second: [Character]) -> Int {
        var before: [Int] = []
        var previous = Array(0...second.count)
        for (row, left) in first.enumerated() {
            var current = [row + 1]
            for (column, right) in second.enumerated() {
                var cost = min(
                    current[column] + 1, previous[column + 1] + 1, previous[column] + (left == right ? 0 : 1))
                if row > 0, column > 0, left == second[column - 1], first[row - 1] == right {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            before = previous
            previous = current
        }
        return previous[second.count]
    }
}
