/// The fields of weights in the order in which they are stored: gaps, one an entry, and the elements of the entries' groups.
package struct WeightEntries: Sendable, Hashable {
    /// Zero groups since the entry before; empty for layouts without an index.
    package var gaps: [UInt32]
    package var elements: [UInt32]

    package init(gaps: [UInt32], elements: [UInt32]) {
        (self.gaps, self.elements) = (gaps, elements)
    }

    /// The entries of a relative index, fillers included.
    ///
    /// - Parameter reach: gaps are below it; a filler bridges this number of groups.
    init(_ symbols: WeightSymbols, groups: WeightGroups, reach: Int) {
        (gaps, elements) = ([], [])
        var next = 0
        for group in 0..<groups.count where symbols.isOccupied(group, groups) {
            while group - next >= reach {
                gaps.append(UInt32(reach - 1))
                elements += groups.offsets.map { _ in 0 }
                next += reach
            }
            gaps.append(UInt32(group - next))
            append(group, of: symbols, groups)
            next = group + 1
        }
    }

    /// Adds the elements of a group.
    mutating func append(_ group: Int, of symbols: WeightSymbols, _ groups: WeightGroups) {
        let start = groups.start(of: group)
        for offset in groups.offsets { elements.append(symbols.patterns[start + offset]) }
    }
}
