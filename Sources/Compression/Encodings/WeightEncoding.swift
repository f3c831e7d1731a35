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
        /// Of every `size` neighbours of a group `kept` elements, each behind its place among them.
        ///
        /// A place takes `ceil(log2 size)` bits, so 2 bits where 2 of 4 stay, as sparse tensor cores read them (Mishra et al.:
        /// Accelerating Sparse Deep Neural Networks, 2021); a number for one of the `binomial(size, kept)` choices would take
        /// fewer, but is read by no machine. Blocks lie one after another from the first element of a group on, and each has all
        /// its fields: elements of zero fill up blocks with more zeros, and so the last one of a group if it is shorter.
        case neighbours(kept: Int, size: Int)

        /// Bits of the index of an entry; nil without one.
        var indexBits: Int? {
            switch self {
            case .dense, .bitmap: nil
            case .relativeIndex(let indexBits): indexBits
            case .neighbours(_, let size): SymbolTable.placeBits(size)
            }
        }

        /// What is wrong with the numbers of a layout from a file, or nil if nothing is.
        var fault: String? {
            switch self {
            case .dense, .bitmap: nil
            case .relativeIndex(let bits): indexWidths.contains(bits) ? nil : "an index of \(bits) bits"
            case .neighbours(let kept, let size):
                blockSizes.contains(size) && kept > 0 && kept < size ? nil : "\(kept) of \(size) neighbours"
            }
        }
    }

    public var layout: Layout
    /// The elements that share one index, or the group whose elements are neighbours.
    public var granularity: Granularity
    /// How elements are written.
    public var elements: SymbolCoding
    /// How the gaps of a relative index are written; other layouts have none, and places among neighbours are plain.
    public var indices: SymbolCoding

    public init(
        _ layout: Layout, granularity: Granularity = .weight, elements: SymbolCoding = .plain,
        indices: SymbolCoding = .plain
    ) {
        self.layout = layout
        self.granularity = granularity
        self.elements = elements
        self.indices = indices
    }

    public static let dense = WeightEncoding(.dense)

    /// Index widths that a relative index may have.
    public static let indexWidths = 1...16

    /// Neighbours of a block.
    public static let blockSizes = 2...16

    /// Bits of the number of entries, which stands in front of relative indices when a stream is coded.
    static let countBits = 32

    /// Whether the number of entries is stored; entries of plain fields end where the bits end.
    var countsEntries: Bool {
        switch layout {
        case .dense, .bitmap, .neighbours: false
        case .relativeIndex: elements != .plain || indices != .plain
        }
    }

    /// How the indices of the layout are written.
    var indexCoding: SymbolCoding {
        switch layout {
        case .dense, .bitmap, .neighbours: .plain
        case .relativeIndex: indices
        }
    }

    /// The entries and the size that `encode` would give, without making the bytes.
    public func measure(_ symbols: WeightSymbols, groups: WeightGroups) -> (storedElements: Int, size: Bits) {
        WeightCensus(symbols, groups: groups).measure(self)
    }

    /// The stored form of the elements; bits are filled from the lowest of each byte.
    ///
    /// - Precondition: no block of neighbours has more elements that are not zero than the layout keeps.
    public func encode(_ symbols: WeightSymbols, groups: WeightGroups) -> EncodedWeights {
        switch layout {
        case .dense:
            return encode(WeightEntries(gaps: [], elements: symbols.patterns), width: symbols.width)
        case .bitmap:
            let occupied = (0..<groups.count).map { symbols.isOccupied($0, groups) }
            var entries = WeightEntries(gaps: [], elements: [])
            for group in occupied.indices where occupied[group] { entries.append(group, of: symbols, groups) }
            return encode(entries, width: symbols.width, behind: occupied)
        case .relativeIndex(let indexBits):
            return encode(WeightEntries(symbols, groups: groups, reach: 1 << indexBits), width: symbols.width)
        case .neighbours(let kept, let size):
            return encode(WeightEntries(symbols, groups: groups, kept: kept, of: size), width: symbols.width)
        }
    }

    /// The bits of entries found before: the bitmap if there is one, the tables, the entries.
    package func encode(_ entries: WeightEntries, width: Int, behind bitmap: [Bool] = []) -> EncodedWeights {
        var writer = BitWriter()
        for isOccupied in bitmap { writer.write(isOccupied ? 1 : 0, bits: 1) }
        if countsEntries { writer.write(UInt32(entries.gaps.count), bits: Self.countBits) }
        var indexWords = SymbolWords(width: 0)
        if let indexBits = layout.indexBits {
            let histogram = indexCoding == .plain ? .init() : SymbolHistogram(entries.gaps, width: indexBits)
            indexWords = SymbolTable(histogram, coding: indexCoding, width: indexBits).write(to: &writer)
        }
        let histogram = elements == .plain ? .init() : SymbolHistogram(entries.elements, width: width)
        let elementWords = SymbolTable(histogram, coding: elements, width: width).write(to: &writer)
        let groupSize = entries.gaps.isEmpty ? 1 : entries.elements.count / entries.gaps.count
        for (place, element) in entries.elements.enumerated() {
            if place % groupSize == 0, !entries.gaps.isEmpty {
                indexWords.write(entries.gaps[place / groupSize], to: &writer)
            }
            elementWords.write(element, to: &writer)
        }
        return EncodedWeights(encoding: self, bytes: writer.bytes, size: Bits(writer.count))
    }
}

extension WeightEncoding {
    private enum CodingKeys: String, CodingKey {
        case layout
        case granularity
        case elements
        case indices
    }

    /// Codings that are missing are plain: files of before have none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(Layout.self, forKey: .layout),
            granularity: try container.decode(Granularity.self, forKey: .granularity),
            elements: try container.decodeIfPresent(SymbolCoding.self, forKey: .elements) ?? .plain,
            indices: try container.decodeIfPresent(SymbolCoding.self, forKey: .indices) ?? .plain)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(layout, forKey: .layout)
        try container.encode(granularity, forKey: .granularity)
        if elements != .plain { try container.encode(elements, forKey: .elements) }
        if indices != .plain { try container.encode(indices, forKey: .indices) }
    }
}

extension WeightSymbols {
    /// Whether an element of the group does not stand for 0.
    func isOccupied(_ group: Int, _ groups: WeightGroups) -> Bool {
        if isBipolar { return true }
        let start = groups.start(of: group)
        return groups.offsets.contains { patterns[start + $0] != 0 }
    }

    /// Elements that do not stand for 0 in the fullest block of `size` neighbours of a group.
    func fullestBlock(of size: Int, _ groups: WeightGroups) -> Int {
        if isBipolar { return size }
        var fullest = 0
        for group in 0..<groups.count {
            let start = groups.start(of: group)
            for first in stride(from: 0, to: groups.offsets.count, by: size) {
                let block = groups.offsets[first..<min(first + size, groups.offsets.count)]
                fullest = max(fullest, block.reduce(0) { patterns[start + $1] == 0 ? $0 : $0 + 1 })
            }
        }
        return fullest
    }
}
