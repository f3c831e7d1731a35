import Quantities

/// What the size of weights in every encoding of one granularity follows from, counted once.
struct WeightCensus {
    private let elements: Int
    private let groups: Int
    private let groupSize: Int
    private let width: Int
    /// Zero groups in front of a group that is not zero, and how often each number occurs.
    private let gaps: [UInt32: Int]
    private let occupied: Int
    /// Of all elements.
    private let histogram: SymbolHistogram
    /// Bits below which no Huffman code brings the elements that are not the pattern 0.
    private let informationBits: Double

    init(_ symbols: WeightSymbols, groups: WeightGroups) {
        self.init(symbols, groups: groups, histogram: SymbolHistogram(symbols.patterns, width: symbols.width))
    }

    /// - Parameter histogram: that of all patterns, which is the same for every granularity.
    init(_ symbols: WeightSymbols, groups: WeightGroups, histogram: SymbolHistogram) {
        (elements, width) = (symbols.patterns.count, symbols.width)
        (self.groups, groupSize) = (groups.count, groups.offsets.count)
        self.histogram = histogram
        informationBits = histogram.replacingZeros(by: 0).informationBits
        var (gaps, next, occupied): ([UInt32: Int], Int, Int) = ([:], 0, 0)
        for group in 0..<groups.count where symbols.isOccupied(group, groups) {
            gaps[UInt32(group - next), default: 0] += 1
            next = group + 1
            occupied += 1
        }
        (self.gaps, self.occupied) = (gaps, occupied)
    }

    /// The stored elements and the true size in an encoding.
    func measure(_ encoding: WeightEncoding) -> (storedElements: Int, size: Bits) {
        let (stored, count) = (storedElements(encoding.layout), encoding.countsEntries ? WeightEncoding.countBits : 0)
        let bits = bitmapBits(encoding.layout) + count + indexBits(encoding)
        return (stored, Bits(bits + elementBits(encoding.elements, stored: stored)))
    }

    /// The smallest encoding of a layout by codings among `choices`; of equals, the first.
    func smallest(
        _ layout: WeightEncoding.Layout, _ granularity: Granularity, codings choices: [SymbolCoding]
    ) -> (encoding: WeightEncoding, size: Int) {
        let stored = storedElements(layout)
        let elementSizes = choices.filter { mayPay($0, stored: stored) }.map { ($0, elementBits($0, stored: stored)) }
        let indexSizes = indexChoices(layout, choices).map { coding in
            (coding, indexBits(WeightEncoding(layout, indices: coding)))
        }
        var best = (encoding: WeightEncoding(layout, granularity: granularity), size: Int.max)
        for (elements, elementBits) in elementSizes {
            for (indices, indexBits) in indexSizes {
                let encoding = WeightEncoding(layout, granularity: granularity, elements: elements, indices: indices)
                let count = encoding.countsEntries ? WeightEncoding.countBits : 0
                let size = bitmapBits(layout) + count + indexBits + elementBits
                if size < best.size { best = (encoding, size) }
            }
        }
        return best
    }

    private func indexChoices(_ layout: WeightEncoding.Layout, _ choices: [SymbolCoding]) -> [SymbolCoding] {
        switch layout {
        case .dense, .bitmap, .neighbours: [.plain]
        case .relativeIndex: choices
        }
    }

    /// Whether a coding could be smaller than plain elements; a table of nearly as many symbols as elements is not even made.
    private func mayPay(_ coding: SymbolCoding, stored: Int) -> Bool {
        let tableBits = histogram.symbols.count * width
        switch coding {
        case .plain: return true
        case .shared, .huffman: return tableBits + max(0, Int(informationBits) - 1) < stored * width
        }
    }

    private func storedElements(_ layout: WeightEncoding.Layout) -> Int {
        switch layout {
        case .dense: elements
        case .bitmap: occupied * groupSize
        case .neighbours(let kept, let size): groups * (groupSize / size + (groupSize % size == 0 ? 0 : 1)) * kept
        case .relativeIndex(let bits): gaps.reduce(occupied) { $0 + Int($1.key >> UInt32(bits)) * $1.value } * groupSize
        }
    }

    private func bitmapBits(_ layout: WeightEncoding.Layout) -> Int {
        switch layout {
        case .dense, .relativeIndex, .neighbours: 0
        case .bitmap: groups
        }
    }

    private func elementBits(_ coding: SymbolCoding, stored: Int) -> Int {
        guard coding != .plain else { return stored * width }
        let zeros = stored - (histogram.total - (histogram.symbols.first == 0 ? histogram.counts[0] : 0))
        return SymbolTable(histogram.replacingZeros(by: zeros), coding: coding, width: width).bits
    }

    private func indexBits(_ encoding: WeightEncoding) -> Int {
        let bits: Int
        switch encoding.layout {
        case .dense, .bitmap: return 0
        case .neighbours(_, let size): return storedElements(encoding.layout) * SymbolTable.placeBits(size)
        case .relativeIndex(let indexBits): bits = indexBits
        }
        let (shift, longest) = (UInt32(bits), UInt32(1 << bits - 1))
        var counted: [UInt32: Int] = [:]
        for (gap, count) in gaps {
            counted[gap & longest, default: 0] += count
            if gap > longest { counted[longest, default: 0] += Int(gap >> shift) * count }
        }
        return SymbolTable(SymbolHistogram(counted), coding: encoding.indices, width: bits).bits
    }
}
