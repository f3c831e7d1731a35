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
    /// - Throws: `Diagnostic` when the bytes end early, go on too long or name a group that does not exist.
    public func decode(width: Int, groups: WeightGroups) throws -> [UInt32] {
        guard size.count >= 0, size.bytes.count <= bytes.count else {
            throw Diagnostic("\(bytes.count) bytes cannot hold \(size.count) bits of weights")
        }
        var reader = BitReader(bytes: bytes, count: size.count)
        let groupSize = groups.offsets.count
        var patterns = [UInt32](repeating: 0, count: groups.count * groupSize)
        func read(group: Int) throws {
            let start = groups.start(of: group)
            for offset in groups.offsets { patterns[start + offset] = try reader.read(bits: width) }
        }
        switch encoding.layout {
        case .dense:
            for index in patterns.indices { patterns[index] = try reader.read(bits: width) }
        case .bitmap:
            var occupied: [Int] = []
            for group in 0..<groups.count where try reader.read(bits: 1) == 1 { occupied.append(group) }
            for group in occupied { try read(group: group) }
        case .relativeIndex(let indexBits):
            guard WeightEncoding.indexWidths.contains(indexBits) else {
                throw Diagnostic("a relative index of \(indexBits) bits")
            }
            var next = 0
            while reader.remaining > 0 {
                let group = next + Int(try reader.read(bits: indexBits))
                guard group < groups.count else {
                    throw Diagnostic("an entry for group \(group) of weights with \(groups.count) groups")
                }
                try read(group: group)
                next = group + 1
            }
        }
        guard reader.remaining == 0 else { throw Diagnostic("\(reader.remaining) bits behind the last weight") }
        return patterns
    }
}

/// Bits appended one field after another, the lowest bit of each byte first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    mutating func write(_ pattern: UInt32, bits: Int) {
        var (rest, left) = (UInt64(pattern), bits)
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
