import Diagnostics
public import Quantities

/// The bytes of a constant as they lie in the device's memory.
public struct EncodedWeights: Sendable, Hashable, Codable {
    public var encoding: WeightEncoding
    public var bytes: [UInt8]
    /// True size; the last byte may have bits to spare, which are 0.
    public var size: Bits

    public init(encoding: WeightEncoding, bytes: [UInt8], size: Bits) {
        self.encoding = encoding
        self.bytes = bytes
        self.size = size
    }

    /// The patterns that were encoded, in the order of the tensor.
    ///
    /// - Throws: `Diagnostic` when the bytes end early, go on too long, have spare bits other than 0 or name a group that does
    ///   not exist.
    public func decode(width: Int, groups: WeightGroups) throws -> [UInt32] {
        guard size.count >= 0, size.bytes.count == bytes.count else {
            throw Diagnostic("\(size.count) bits of weights in \(bytes.count) bytes")
        }
        guard BitReader.spareBitsAreZero(of: bytes, count: size.count) else {
            throw Diagnostic("the spare bits behind the last weight are not 0")
        }
        guard (1...32).contains(width) else { throw Diagnostic("weights of \(width) bits") }
        if let fault = encoding.layout.fault { throw Diagnostic(fault) }
        var reader = BitReader(bytes: bytes, count: size.count)
        let patterns =
            switch encoding.layout {
            case .dense: try decodeDense(&reader, width, groups)
            case .bitmap: try decodeBitmap(&reader, width, groups)
            case .relativeIndex(let indexBits): try decodeEntries(&reader, width, groups, indexBits: indexBits)
            case .neighbours(let kept, let size): try decodeNeighbours(&reader, width, groups, kept: kept, of: size)
            }
        guard reader.remaining == 0 else { throw Diagnostic("\(reader.remaining) bits behind the last weight") }
        return patterns
    }

    private func decodeDense(_ reader: inout BitReader, _ width: Int, _ groups: WeightGroups) throws -> [UInt32] {
        let count = groups.count * groups.offsets.count
        guard count > 0 else { return [] }
        let elements = try SymbolTable.read(encoding.elements, width: width, from: &reader)
        return try (0..<count).map { _ in try elements.read(from: &reader) }
    }

    private func decodeBitmap(_ reader: inout BitReader, _ width: Int, _ groups: WeightGroups) throws -> [UInt32] {
        var patterns = [UInt32](repeating: 0, count: groups.count * groups.offsets.count)
        let occupied = try (0..<groups.count).filter { _ in try reader.read(bits: 1) == 1 }
        guard !occupied.isEmpty else { return patterns }
        let elements = try SymbolTable.read(encoding.elements, width: width, from: &reader)
        for start in occupied.map(groups.start) {
            for offset in groups.offsets { patterns[start + offset] = try elements.read(from: &reader) }
        }
        return patterns
    }

    private func decodeEntries(
        _ reader: inout BitReader, _ width: Int, _ groups: WeightGroups, indexBits: Int
    ) throws -> [UInt32] {
        var patterns = [UInt32](repeating: 0, count: groups.count * groups.offsets.count)
        var (left, next) = (Int.max, 0)
        if encoding.countsEntries { left = Int(try reader.read(bits: WeightEncoding.countBits)) }
        guard left > 0 else { return patterns }
        let indices = try SymbolTable.read(encoding.indices, width: indexBits, from: &reader)
        let elements = try SymbolTable.read(encoding.elements, width: width, from: &reader)
        // Every entry moves on by a group at least, so that a false count ends at the last group.
        while encoding.countsEntries ? left > 0 : reader.remaining > 0 {
            let group = next + Int(try indices.read(from: &reader))
            guard group < groups.count else {
                throw Diagnostic("an entry for group \(group) of weights with \(groups.count) groups")
            }
            let start = groups.start(of: group)
            for offset in groups.offsets { patterns[start + offset] = try elements.read(from: &reader) }
            next = group + 1
            left -= 1
        }
        return patterns
    }

    private func decodeNeighbours(
        _ reader: inout BitReader, _ width: Int, _ groups: WeightGroups, kept: Int, of size: Int
    ) throws -> [UInt32] {
        var patterns = [UInt32](repeating: 0, count: groups.count * groups.offsets.count)
        guard !patterns.isEmpty else { return patterns }
        let elements = try SymbolTable.read(encoding.elements, width: width, from: &reader)
        for start in (0..<groups.count).map(groups.start) {
            for first in stride(from: 0, to: groups.offsets.count, by: size) {
                var free = 0
                for _ in 0..<kept {
                    let place = Int(try reader.read(bits: SymbolTable.placeBits(size)))
                    let element = try elements.read(from: &reader)
                    let isFiller = first + place >= groups.offsets.count
                    guard (free..<size).contains(place), element == 0 || !isFiller else {
                        throw Diagnostic("an element at place \(place) of \(size) neighbours")
                    }
                    if !isFiller { patterns[start + groups.offsets[first + place]] = element }
                    free = place + 1
                }
            }
        }
        return patterns
    }
}

/// Bits appended one field after another, the lowest bit of each byte first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    mutating func write(_ pattern: UInt32, bits: Int) {
        write(word: UInt64(pattern), bits: bits)
    }

    mutating func write(word: UInt64, bits: Int) {
        var (rest, left) = (word, bits)
        while left > 0 {
            let used = count & 7
            if used == 0 { bytes.append(0) }
            let taken = min(8 - used, left)
            bytes[bytes.count - 1] |= UInt8(truncatingIfNeeded: (rest & ((1 << taken) - 1)) << used)
            rest >>= UInt64(taken)
            count += taken
            left -= taken
        }
    }
}

/// The fields that a `BitWriter` wrote.
struct BitReader {
    let bytes: [UInt8]
    /// Bits in all; never more than the bytes hold.
    let count: Int
    private var position = 0

    init(bytes: [UInt8], count: Int) {
        self.bytes = bytes
        self.count = count
    }

    var remaining: Int { count - position }

    /// Whether nothing is set behind the first `count` bits, as a `BitWriter` leaves the last byte.
    ///
    /// - Precondition: the last of these bits lies in the last byte.
    static func spareBitsAreZero(of bytes: [UInt8], count: Int) -> Bool {
        count % 8 == 0 || (bytes.last ?? 0) >> UInt8(count % 8) == 0
    }

    mutating func read(bits: Int) throws -> UInt32 {
        guard bits <= remaining else { throw Diagnostic("the encoded weights end early") }
        var (pattern, have): (UInt64, Int) = (0, 0)
        while have < bits {
            let used = position & 7
            let taken = min(8 - used, bits - have)
            let field = (UInt64(bytes[position >> 3]) >> UInt64(used)) & ((1 << taken) - 1)
            pattern |= field << UInt64(have)
            have += taken
            position += taken
        }
        return UInt32(truncatingIfNeeded: pattern)
    }
}
