import Diagnostics
public import Quantities

/// One stream of numbers among the parameters from which a constant is composed.
public struct StoredPart: Sendable, Hashable, Codable {
    /// Lower case words joined by hyphens, unique within a composition.
    public var name: String
    /// In the order in which they are stored.
    public var patterns: [UInt32]
    /// Bits of a plain pattern, 0 to 32; patterns of no bits cost nothing.
    public var width: Int
    /// How the patterns are written.
    public var coding: SymbolCoding

    /// - Precondition: every pattern fits into `width` bits; patterns of no bits are plain.
    public init(_ name: String, patterns: [UInt32], width: Int, coding: SymbolCoding = .plain) {
        precondition((0...32).contains(width) && (width > 0 || coding == .plain), "a width of \(width) bits")
        precondition(width == 32 || patterns.allSatisfy { $0 >> UInt32(width) == 0 }, "a pattern wider than its part")
        self.name = name
        self.patterns = patterns
        self.width = width
        self.coding = coding
    }

    /// Reals at 32 bits each.
    public init(_ name: String, reals: [Float]) {
        self.init(name, patterns: reals.map(\.bitPattern), width: 32)
    }

    /// Integers in two's complement.
    ///
    /// - Precondition: fewer than 32 bits, and every integer fits.
    init(_ name: String, integers: [Int], width: Int) {
        precondition((1..<32).contains(width), "integers of \(width) bits")
        precondition(integers.allSatisfy { StoredPart.bits(of: $0) <= width }, "an integer wider than its part")
        let mask = UInt32.max >> UInt32(32 - width)
        self.init(name, patterns: integers.map { UInt32(truncatingIfNeeded: $0) & mask }, width: width)
    }

    /// Bits of an integer in two's complement.
    static func bits(of integer: Int) -> Int {
        Int.bitWidth - (integer < 0 ? ~integer : integer).leadingZeroBitCount + 1
    }

    /// The patterns as reals of 32 bits.
    public var reals: [Float] { patterns.map(Float.init(bitPattern:)) }

    /// The patterns as reals when they have 32 bits, as integers in two's complement when they are narrower.
    public var numbers: [Float] {
        guard width < 32 else { return reals }
        let unused = UInt32(32 - width)
        return patterns.map { Float(Int32(bitPattern: $0 << unused) >> Int32(unused)) }
    }

    /// True size: the patterns and the table by which they are coded; their number is the format's.
    public var size: Bits { Bits(coding == .plain ? patterns.count * width : table.bits) }

    /// The bits as they lie in memory, the lowest of each byte first: the table of a coding, then the patterns.
    public var bytes: [UInt8] {
        var writer = BitWriter()
        let words = table.write(to: &writer)
        for pattern in patterns { words.write(pattern, to: &writer) }
        return writer.bytes
    }

    private var table: SymbolTable {
        let histogram = coding == .plain ? SymbolHistogram() : SymbolHistogram(patterns, width: width)
        return SymbolTable(histogram, coding: coding, width: width)
    }
}

extension StoredPart {
    /// The part that `bytes` hold.
    ///
    /// - Parameter mostOfNoBits: so many patterns of no bits, which no byte stands for, may be claimed.
    /// - Throws: `Diagnostic` when the bytes are not exactly those that `count` patterns have in this coding.
    public init(
        _ name: String, bytes: [UInt8], count: Int, width: Int, coding: SymbolCoding = .plain, mostOfNoBits: Int
    ) throws {
        guard (0...32).contains(width), width > 0 || coding == .plain, count >= 0 else {
            throw Diagnostic("part '\(name)': \(count) patterns of \(width) bits")
        }
        var reader = BitReader(bytes: bytes, count: bytes.count * 8)
        let reading = try count == 0 ? .plain(width: width) : SymbolTable.read(coding, width: width, from: &reader)
        let (bits, overflow) = count.multipliedReportingOverflow(by: reading.shortestWord)
        guard !overflow, bits <= reader.remaining else {
            throw Diagnostic("part '\(name)': \(bytes.count) bytes for \(count) patterns of \(width) bits")
        }
        guard bits > 0 || count <= mostOfNoBits else {
            throw Diagnostic("part '\(name)': \(count) patterns of no bits where at most \(mostOfNoBits) can be read")
        }
        var patterns: [UInt32] = []
        patterns.reserveCapacity(count)
        for _ in 0..<count { patterns.append(try reading.read(from: &reader)) }
        guard reader.remaining < 8 else {
            throw Diagnostic("part '\(name)': \(bytes.count) bytes for \(count) patterns of \(width) bits")
        }
        guard try reader.read(bits: reader.remaining) == 0 else {
            throw Diagnostic("part '\(name)': the spare bits of the last byte are not 0")
        }
        self.init(name, patterns: patterns, width: width, coding: coding)
    }

    /// The same patterns as plain fields or in one of the codings, whichever takes the fewest bits; of equals, the first. Words of
    /// no bits are not made.
    package func coded(as codings: [SymbolCoding]) -> StoredPart {
        var result = self
        result.coding = .plain
        guard width > 0 else { return result }
        let histogram = SymbolHistogram(patterns, width: width)
        guard histogram.symbols.count > 1 else { return result }
        var least = patterns.count * width
        for coding in codings {
            let bits = SymbolTable(histogram, coding: coding, width: width).bits
            if bits < least { (least, result.coding) = (bits, coding) }
        }
        return result
    }
}
