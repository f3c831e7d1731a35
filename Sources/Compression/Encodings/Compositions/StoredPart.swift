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
    /// - Throws: `Diagnostic` when the bytes are not those of `count` patterns.
    public init(_ name: String, bytes: [UInt8], count: Int, width: Int) throws {
        guard (0...32).contains(width), count >= 0 else {
            throw Diagnostic("part '\(name)': \(count) patterns of \(width) bits")
        }
        let (bits, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, bits <= bytes.count * 8, bytes.count == Bits(bits).bytes.count, width > 0 || count <= 1 << 24
        else { throw Diagnostic("part '\(name)': \(bytes.count) bytes for \(count) patterns of \(width) bits") }
        var reader = BitReader(bytes: bytes, count: bits)
        var patterns: [UInt32] = []
        patterns.reserveCapacity(count)
        for _ in 0..<count { patterns.append(try reader.read(bits: width)) }
        self.init(name, patterns: patterns, width: width)
    }
}
