/// Tightens a table's relaxation by cuts before the search.
enum CutLoop {
    private static let rounds = 12
    private static let cutsPerRound = 60
    private static let largestCount = 240

    /// Solves the relaxation and adds what it breaks, round by round; keeps the cuts that bind at the end.
    static func tighten(_ table: ColumnTable) -> ColumnTable {
        let separation = CutSeparation(table)
        let active = Propagation(table, active: Array(0..<table.columnCount)).active
        guard Set(active.map { table.group[$0] }).count == table.groupCount else { return table }
        var cuts: [CoverCut] = []
        var known: Set<CoverCut> = []
        var tightened = table
        for _ in 0..<rounds {
            var simplex = DualSimplex(tightened)
            simplex.start(active: active)
            guard case .bounded(isSolved: true) = simplex.solve(cutoff: nil) else { break }
            let binding = Set(simplex.bindingRows)
            cuts = cuts.enumerated().filter { binding.contains(table.rowCount + $0.offset) }.map(\.element)
            let shares = Dictionary(uniqueKeysWithValues: simplex.shares.map { ($0.column, $0.share) })
            let fresh = separation.violated(by: shares).filter { !known.contains($0) }
                .prefix(min(cutsPerRound, largestCount - cuts.count))
            if fresh.isEmpty { break }
            known.formUnion(fresh)
            cuts += fresh
            tightened = table.adding(cuts)
        }
        return cuts.isEmpty ? table : table.adding(cuts)
    }
}
