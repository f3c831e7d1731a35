import Diagnostics
public import Quantities

/// One stream of numbers among the parameters from which a constant is composed.
public struct StoredPart: Sendable, Hashable, Codable {
    /// Lower case words joined by hyphens, unique within a composition.
    public var name: String
    /// In the order in which they are stored.
    public var patterns: [UInt32]
    /// Bits of a pattern, 0 to 32; patterns of no bits cost nothing.
    public var width: Int

    /// - Precondition: every pattern fits into `width` bits.
    public init(_ name: String, patterns: [UInt32], width: Int) {
        precondition((0...32).contains(width), "a width of \(width) bits")
        precondition(width == 32 || patterns.allSatisfy { $0 >> UInt32(width) == 0 }, "a pattern wider than its part")
        self.name = name
        self.patterns = patterns
        self.width = width
    }

    /// Reals at 32 bits each.
    public init(_ name: String, reals: [Float]) {
        self.init(name, patterns: reals.map(\.bitPattern), width: 32)
    }

    /// The patterns as reals of 32 bits.
    public var reals: [Float] { patterns.map(Float.init(bitPattern:)) }

    /// True size.
    public var size: Bits { Bits(patterns.count * width) }

    /// The bits as they lie in memory, the lowest of each byte first.
    public var bytes: [UInt8] {
        var writer = BitWriter()
        for pattern in patterns { writer.write(pattern, bits: width) }
        return writer.bytes
    }

    /// The part that `bytes` hold.
    ///
    /// - Parameter mostOfNoBits: so many patterns of no bits, which no byte stands for, may be claimed.
    /// - Throws: `Diagnostic` when the bytes are not exactly those that `count` patterns have.
    public init(_ name: String, bytes: [UInt8], count: Int, width: Int, mostOfNoBits: Int) throws {
        guard (0...32).contains(width), count >= 0 else {
            throw Diagnostic("part '\(name)': \(count) patterns of \(width) bits")
        }
        let (bits, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, bits <= bytes.count * 8, bytes.count == Bits(bits).bytes.count else {
            throw Diagnostic("part '\(name)': \(bytes.count) bytes for \(count) patterns of \(width) bits")
        }
        guard width > 0 || count <= mostOfNoBits else {
            throw Diagnostic("part '\(name)': \(count) patterns of no bits where at most \(mostOfNoBits) can be read")
        }
        guard BitReader.spareBitsAreZero(of: bytes, count: bits) else {
            throw Diagnostic("part '\(name)': the spare bits of the last byte are not 0")
        }
        var reader = BitReader(bytes: bytes, count: bits)
        var patterns: [UInt32] = []
        patterns.reserveCapacity(count)
        for _ in 0..<count { patterns.append(try reader.read(bits: width)) }
        self.init(name, patterns: patterns, width: width)
    }
}
