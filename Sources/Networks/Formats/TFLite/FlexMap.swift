/// The options of a custom operator: a FlexBuffers map of numbers, booleans and short words, read with bounds checks.
///
/// A FlexBuffers value is written behind what it refers to: the last byte is the root's width in bytes, the byte in front
/// of it the root's type, and offsets count backwards from where they stand.
struct FlexMap {
    /// A value of the map.
    enum Value: Hashable {
        case integer(Int)
        case word(String)
    }

    private(set) var values: [String: Value] = [:]

    /// - Throws: `FlatBufferFault` with the place at which the map is broken.
    init(_ buffer: FlatBuffer, range: Range<Int>) throws(FlatBufferFault) {
        let bytes = FlexBytes(buffer: buffer, range: range)
        guard range.count >= 3 else { throw bytes.fault("options of \(range.count) bytes", at: range.lowerBound) }
        let width = Int(try bytes.unsigned(at: range.upperBound - 1, width: 1))
        let type = Int(try bytes.unsigned(at: range.upperBound - 2, width: 1))
        guard type >> 2 == FlexBytes.map else { throw bytes.fault("options are no map", at: range.upperBound - 2) }
        let start = try bytes.target(at: range.upperBound - 2 - width, width: width)
        try read(bytes, at: start, width: 1 << (type & 3))
    }

    private mutating func read(_ bytes: FlexBytes, at start: Int, width: Int) throws(FlatBufferFault) {
        let count = try bytes.count(at: start - width, width: width)
        let keyWidth = Int(try bytes.unsigned(at: start - 2 * width, width: width))
        let keys = try bytes.target(at: start - 3 * width, width: width)
        guard try bytes.count(at: keys - keyWidth, width: keyWidth) == count else {
            throw bytes.fault("a map has another number of keys than values", at: start)
        }
        for index in 0..<count {
            let key = try bytes.text(at: bytes.target(at: keys + index * keyWidth, width: keyWidth))
            let type = Int(try bytes.unsigned(at: start + count * width + index, width: 1))
            values[key] = try bytes.value(type, at: start + index * width, width: width)
        }
    }

    /// The number of this name, or nil when the map has none.
    func integer(_ key: String) -> Int? {
        guard case .integer(let number) = values[key] else { return nil }
        return number
    }

    /// The word of this name, or nil when the map has none.
    func word(_ key: String) -> String? {
        guard case .word(let word) = values[key] else { return nil }
        return word
    }
}
