import Diagnostics

/// What stands in front of a stream of coded symbols, and the words by which they are written behind it.
///
/// Nothing for a plain stream or one without symbols. Else: the number of distinct symbols less one in the stream's width; the
/// symbols, ascending, at this width; for a Huffman code, the length of its longest word in 6 bits and then every symbol's
/// length of word in as few bits as the longest needs.
struct SymbolTable {
    private static let longestBits = 6

    let coding: SymbolCoding
    /// Bits of a plain symbol.
    let width: Int
    private let histogram: SymbolHistogram
    private let code: HuffmanCode?

    init(_ histogram: SymbolHistogram, coding: SymbolCoding, width: Int) {
        (self.histogram, self.coding, self.width) = (histogram, coding, width)
        code = coding == .huffman ? HuffmanCode(counts: histogram.counts) : nil
    }

    /// Bits of a place in a table of `count` symbols.
    static func placeBits(_ count: Int) -> Int {
        Int.bitWidth - max(count - 1, 0).leadingZeroBitCount
    }

    /// Bits of the table and of the stream behind it.
    var bits: Int { tableBits + streamBits }

    var tableBits: Int {
        let count = histogram.symbols.count
        guard count > 0 else { return 0 }
        switch coding {
        case .plain: return 0
        case .shared: return width + count * width
        case .huffman:
            return width + count * width + Self.longestBits + count * Self.placeBits((code?.longest ?? 0) + 1)
        }
    }

    private var streamBits: Int {
        switch coding {
        case .plain: histogram.total * width
        case .shared: histogram.total * Self.placeBits(histogram.symbols.count)
        case .huffman: zip(histogram.counts, code?.lengths ?? []).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }

    /// Writes the table.
    ///
    /// - Returns: the words of the stream.
    func write(to writer: inout BitWriter) -> SymbolWords {
        guard coding != .plain, !histogram.symbols.isEmpty else { return SymbolWords(width: width) }
        writer.write(UInt32(histogram.symbols.count - 1), bits: width)
        for symbol in histogram.symbols { writer.write(symbol, bits: width) }
        guard let code else {
            let bits = Self.placeBits(histogram.symbols.count)
            let words = histogram.symbols.indices.map { (UInt64($0), bits) }
            return SymbolWords(width: width, symbols: histogram.symbols, words: words)
        }
        writer.write(UInt32(code.longest), bits: Self.longestBits)
        let lengthBits = Self.placeBits(code.longest + 1)
        for length in code.lengths { writer.write(UInt32(length), bits: lengthBits) }
        return SymbolWords(width: width, symbols: histogram.symbols, words: Array(zip(code.words, code.lengths)))
    }

    /// Reads a table that `write` wrote.
    ///
    /// - Throws: `Diagnostic` for a table that is longer than the bits behind it, not ascending, or of no code.
    static func read(_ coding: SymbolCoding, width: Int, from reader: inout BitReader) throws -> SymbolReading {
        guard coding != .plain else { return .plain(width: width) }
        let count = Int(try reader.read(bits: width)) + 1
        guard count <= reader.remaining / width else { throw Diagnostic("a table of \(count) symbols ends early") }
        var symbols: [UInt32] = []
        symbols.reserveCapacity(count)
        for _ in 0..<count {
            let symbol = try reader.read(bits: width)
            guard symbols.last.map({ $0 < symbol }) ?? true else { throw Diagnostic("a table that does not ascend") }
            symbols.append(symbol)
        }
        guard coding == .huffman else { return .shared(symbols, placeBits: placeBits(count)) }
        let longest = Int(try reader.read(bits: longestBits))
        let lengthBits = placeBits(longest + 1)
        var lengths: [Int] = []
        lengths.reserveCapacity(count)
        for _ in 0..<count { lengths.append(Int(try reader.read(bits: lengthBits))) }
        guard lengths.max() == longest else { throw Diagnostic("no word of a table is as long as the longest") }
        return .huffman(HuffmanReading(try HuffmanCode(lengths: lengths), symbols: symbols))
    }
}

/// The words of a stream's symbols.
struct SymbolWords {
    private let width: Int
    private var places: [UInt32: Int] = [:]
    private var words: [(word: UInt64, bits: Int)] = []

    init(width: Int) {
        self.width = width
    }

    init(width: Int, symbols: [UInt32], words: [(UInt64, Int)]) {
        self.width = width
        self.words = words
        places = Dictionary(
            symbols.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Precondition: the symbol was in the histogram.
    func write(_ symbol: UInt32, to writer: inout BitWriter) {
        guard !words.isEmpty else { return writer.write(symbol, bits: width) }
        guard let place = places[symbol] else { preconditionFailure("a symbol without a word") }
        writer.write(word: words[place].word, bits: words[place].bits)
    }
}

/// How the symbols of a stream are read.
enum SymbolReading {
    case plain(width: Int)
    case shared([UInt32], placeBits: Int)
    case huffman(HuffmanReading)

    /// No symbol takes fewer bits.
    var shortestWord: Int {
        switch self {
        case .plain(let width): width
        case .shared(_, let placeBits): placeBits
        case .huffman(let reading): reading.shortestWord
        }
    }

    /// - Throws: `Diagnostic` when the stream ends early or a place is in no table.
    func read(from reader: inout BitReader) throws -> UInt32 {
        switch self {
        case .plain(let width): return try reader.read(bits: width)
        case .shared(let symbols, let placeBits):
            let place = Int(try reader.read(bits: placeBits))
            guard place < symbols.count else { throw Diagnostic("place \(place) in a table of \(symbols.count)") }
            return symbols[place]
        case .huffman(let reading): return try reading.read(from: &reader)
        }
    }
}

/// Finds the symbols of a canonical Huffman code bit by bit.
struct HuffmanReading {
    private let sorted: [UInt32]
    /// Words of each length.
    private let counts: [Int]

    init(_ code: HuffmanCode, symbols: [UInt32]) {
        sorted = code.order.map { symbols[$0] }
        var counts = [Int](repeating: 0, count: code.longest + 1)
        for length in code.lengths { counts[length] += 1 }
        self.counts = counts
    }

    /// Bits of the shortest word.
    var shortestWord: Int { counts.firstIndex { $0 > 0 } ?? 0 }

    func read(from reader: inout BitReader) throws -> UInt32 {
        // `word` counts from the first word of this length, `first` is the place of that word's symbol.
        var (word, first) = (0, 0)
        for (length, count) in counts.enumerated() {
            if length > 0 { word = word << 1 | Int(try reader.read(bits: 1)) }
            if word < count { return sorted[first + word] }
            word -= count
            first += count
        }
        throw Diagnostic("a word of no symbol")
    }
}
