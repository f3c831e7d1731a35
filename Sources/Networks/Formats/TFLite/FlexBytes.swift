/// Numbers, offsets and words inside the bytes of one FlexBuffers value.
struct FlexBytes {
    let buffer: FlatBuffer
    let range: Range<Int>

    /// Type codes of FlexBuffers, as far as options use them.
    static let integers = 1...2
    static let text = 4...5
    static let indirectIntegers = 6...7
    static let map = 9
    static let boolean = 26

    /// No map has more entries, and no word more letters.
    private static let longest = 1024

    func fault(_ message: String, at offset: Int) -> FlatBufferFault {
        FlatBufferFault(message: message, offset: offset)
    }

    /// A number of 1, 2, 4 or 8 bytes.
    func unsigned(at offset: Int, width: Int) throws(FlatBufferFault) -> UInt64 {
        guard [1, 2, 4, 8].contains(width), offset >= range.lowerBound, offset <= range.upperBound - width else {
            throw fault("an option of \(width) bytes lies outside the options", at: offset)
        }
        var number: UInt64 = 0
        for index in (0..<width).reversed() { number = number << 8 | UInt64(buffer.bytes[offset + index]) }
        return number
    }

    /// The place to which the offset that stands at `offset` leads.
    func target(at offset: Int, width: Int) throws(FlatBufferFault) -> Int {
        let distance = try unsigned(at: offset, width: width)
        guard distance <= UInt64(offset - range.lowerBound) else {
            throw fault("an offset of \(distance) leads outside the options", at: offset)
        }
        return offset - Int(distance)
    }

    /// A number of entries.
    func count(at offset: Int, width: Int) throws(FlatBufferFault) -> Int {
        let count = try unsigned(at: offset, width: width)
        guard count <= UInt64(min(range.count, FlexBytes.longest)) else {
            throw fault("\(count) entries do not fit into the options", at: offset)
        }
        return Int(count)
    }

    /// The letters from `offset` up to a zero byte.
    func text(at offset: Int) throws(FlatBufferFault) -> String {
        let letters = buffer.bytes[offset..<range.upperBound].prefix(FlexBytes.longest).prefix { $0 != 0 }
        guard letters.endIndex < range.upperBound, buffer.bytes[letters.endIndex] == 0 else {
            throw fault("a word without end", at: offset)
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// The value of a type code that stands at `offset`; nil for kinds that options do not use.
    func value(_ type: Int, at offset: Int, width: Int) throws(FlatBufferFault) -> FlexMap.Value? {
        let kind = type >> 2
        if FlexBytes.integers.contains(kind) || kind == FlexBytes.boolean {
            return .integer(try signed(at: offset, width: width, isSigned: kind == 1))
        }
        if FlexBytes.indirectIntegers.contains(kind) {
            let place = try target(at: offset, width: width)
            return .integer(try signed(at: place, width: 1 << (type & 3), isSigned: kind == 6))
        }
        if FlexBytes.text.contains(kind) { return .word(try text(at: target(at: offset, width: width))) }
        return nil
    }

    private func signed(at offset: Int, width: Int, isSigned: Bool) throws(FlatBufferFault) -> Int {
        let bits = try unsigned(at: offset, width: width)
        guard isSigned else {
            guard let number = Int(exactly: bits) else { throw fault("option \(bits) is too large", at: offset) }
            return number
        }
        let unused = Int64(64 - 8 * width)
        return Int((Int64(bitPattern: bits) << unused) >> unused)
    }
}
