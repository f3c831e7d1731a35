/// The fields of weights in the order in which they are stored: indices, one an entry, and the elements of the entries.
package struct WeightEntries: Sendable, Hashable {
    /// Zero groups since the entry before, or the place among neighbours; empty for layouts without an index.
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

    /// The entries of blocks of neighbours: what is not zero, and the first zeros if that is less than a block keeps.
    ///
    /// - Precondition: no block has more than `kept` elements that are not zero.
    init(_ symbols: WeightSymbols, groups: WeightGroups, kept: Int, of size: Int) {
        precondition(symbols.fullestBlock(of: size, groups) <= kept, "a block of more than \(kept) elements")
        (gaps, elements) = ([], [])
        for group in 0..<groups.count {
            let start = groups.start(of: group)
            for first in stride(from: 0, to: groups.offsets.count, by: size) {
                let block = (first..<first + size).map { place in
                    place < groups.offsets.count ? symbols.patterns[start + groups.offsets[place]] : 0
                }
                let filled = block.indices.filter { block[$0] != 0 }
                let fillers = block.indices.filter { block[$0] == 0 }.prefix(kept - filled.count)
                for place in (filled + fillers).sorted() {
                    gaps.append(UInt32(place))
                    elements.append(block[place])
                }
            }
        }
    }

    /// Adds the elements of a group.
    mutating func append(_ group: Int, of symbols: WeightSymbols, _ groups: WeightGroups) {
        let start = groups.start(of: group)
        for offset in groups.offsets { elements.append(symbols.patterns[start + offset]) }
    }
}
