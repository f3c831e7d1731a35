public import Quantities

/// How the elements of a constant are laid out in the device's memory.
public struct WeightEncoding: Sendable, Hashable, Codable {
    /// The form of storage.
    public enum Layout: Sendable, Hashable, Codable {
        /// Every element at its width.
        case dense
        /// One bit a group, then the elements of the groups that are not zero.
        case bitmap
        /// Groups that are not zero, each behind the number of zero groups since the entry before.
        ///
        /// A gap above `2^indexBits - 1` is bridged by filler entries of zeros (Han et al., Deep Compression, 2016).
        case relativeIndex(indexBits: Int)
    }

    public var layout: Layout
    /// The elements that share one index.
    public var granularity: Granularity

    public init(_ layout: Layout, granularity: Granularity = .weight) {
        self.layout = layout
        self.granularity = granularity
    }

    public static let dense = WeightEncoding(.dense)

    /// Index widths that a relative index may have.
    public static let indexWidths = 1...16

    /// The entries and the size that `encode` would give, without making the bytes.
    public func measure(_ symbols: WeightSymbols, groups: WeightGroups) -> (storedElements: Int, size: Bits) {
        let elements = symbols.patterns.count
        let groupBits = groups.offsets.count * symbols.width
        if layout == .dense { return (elements, Bits(elements * symbols.width)) }
        return measure(gaps: symbols.gaps(groups), elements: elements, groups: groups, groupBits: groupBits)
    }

    /// The same from the zero groups in front of each group that is not zero, found once for several layouts.
    func measure(
        gaps: [Int], elements: Int, groups: WeightGroups, groupBits: Int
    ) -> (storedElements: Int, size: Bits) {
        switch layout {
        case .dense:
            return (elements, Bits(groups.count * groupBits))
        case .bitmap:
            return (gaps.count * groups.offsets.count, Bits(groups.count + gaps.count * groupBits))
        case .relativeIndex(let indexBits):
            let entries = gaps.reduce(gaps.count) { $0 + $1 >> indexBits }
            return (entries * groups.offsets.count, Bits(entries * (indexBits + groupBits)))
        }
    }

    /// The stored form of the elements; bits are filled from the lowest of each byte.
    public func encode(_ symbols: WeightSymbols, groups: WeightGroups) -> EncodedWeights {
        var writer = BitWriter()
        func write(group: Int) {
            let start = groups.start(of: group)
            for offset in groups.offsets { writer.write(symbols.patterns[start + offset], bits: symbols.width) }
        }
        switch layout {
        case .dense:
            for pattern in symbols.patterns { writer.write(pattern, bits: symbols.width) }
        case .bitmap:
            for group in 0..<groups.count { writer.write(symbols.isOccupied(group, groups) ? 1 : 0, bits: 1) }
            for group in 0..<groups.count where symbols.isOccupied(group, groups) { write(group: group) }
        case .relativeIndex(let indexBits):
            forEachEntry(symbols, groups, reach: 1 << indexBits) { gap, group in
                writer.write(UInt32(gap), bits: indexBits)
                write(group: group)
            }
        }
        return EncodedWeights(encoding: self, bytes: writer.bytes, size: Bits(writer.count))
    }

    /// Calls `body` with the gap and the group of every entry, fillers included, in order.
    private func forEachEntry(
        _ symbols: WeightSymbols, _ groups: WeightGroups, reach: Int, _ body: (_ gap: Int, _ group: Int) -> Void
    ) {
        var next = 0
        for group in 0..<groups.count where symbols.isOccupied(group, groups) {
            while group - next >= reach {
                body(reach - 1, next + reach - 1)
                next += reach
            }
            body(group - next, group)
            next = group + 1
        }
    }
}

extension WeightSymbols {
    /// Whether an element of the group does not stand for 0.
    func isOccupied(_ group: Int, _ groups: WeightGroups) -> Bool {
        if isBipolar { return true }
        let start = groups.start(of: group)
        return groups.offsets.contains { patterns[start + $0] != 0 }
    }

    /// Groups of zeros in front of each group that is not zero, since the one before.
    func gaps(_ groups: WeightGroups) -> [Int] {
        var (gaps, next): ([Int], Int) = ([], 0)
        for group in 0..<groups.count where isOccupied(group, groups) {
            gaps.append(group - next)
            next = group + 1
        }
        return gaps
    }
}
