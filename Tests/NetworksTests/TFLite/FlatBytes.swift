/// Writes FlatBuffers files for tests: tables first, what they point at behind them.
enum FlatBytes {
    /// A field of a table.
    indirect enum Field {
        case int8(Int8)
        case int32(Int32)
        case uint64(UInt64)
        case float(Float)
        case string(String)
        case bytes([UInt8])
        case ints([Int32])
        case longs([Int64])
        case floats([Float])
        case table([Int: Field])
        case tables([[Int: Field]])

        fileprivate var inline: [UInt8]? {
            switch self {
            case .int8(let value): littleEndian(value)
            case .int32(let value): littleEndian(value)
            case .uint64(let value): littleEndian(value)
            case .float(let value): littleEndian(value.bitPattern)
            case .string, .bytes, .ints, .longs, .floats, .table, .tables: nil
            }
        }
    }

    static func file(root: [Int: Field], identifier: String) -> [UInt8] {
        var bytes: [UInt8] = [0, 0, 0, 0] + Array(identifier.utf8)
        append(root, to: &bytes, patching: 0)
        return bytes
    }

    static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func patch(_ bytes: inout [UInt8], at place: Int) {
        for (index, byte) in littleEndian(UInt32(bytes.count - place)).enumerated() { bytes[place + index] = byte }
    }

    private static func append(_ table: [Int: Field], to bytes: inout [UInt8], patching place: Int) {
        let fieldCount = (table.keys.max() ?? -1) + 1
        var offsets = [Int](repeating: 0, count: fieldCount)
        var body: [UInt8] = []
        for (field, content) in table.sorted(by: { $0.key < $1.key }) {
            offsets[field] = 4 + body.count
            body += content.inline ?? [0, 0, 0, 0]
        }
        bytes += littleEndian(UInt16(4 + 2 * fieldCount)) + littleEndian(UInt16(4 + body.count))
        for offset in offsets { bytes += littleEndian(UInt16(offset)) }
        let start = bytes.count
        patch(&bytes, at: place)
        bytes += littleEndian(Int32(4 + 2 * fieldCount)) + body
        for (field, content) in table.sorted(by: { $0.key < $1.key }) where content.inline == nil {
            append(content, to: &bytes, patching: start + offsets[field])
        }
    }

    private static func append(_ content: Field, to bytes: inout [UInt8], patching place: Int) {
        if case .table(let table) = content { return append(table, to: &bytes, patching: place) }
        patch(&bytes, at: place)
        switch content {
        case .int8, .int32, .uint64, .float, .table: return
        case .string(let text): bytes += littleEndian(UInt32(text.utf8.count)) + Array(text.utf8) + [0]
        case .bytes(let values): bytes += littleEndian(UInt32(values.count)) + values
        case .ints(let values): bytes += littleEndian(UInt32(values.count)) + values.flatMap(littleEndian)
        case .longs(let values): bytes += littleEndian(UInt32(values.count)) + values.flatMap(littleEndian)
        case .floats(let values):
            bytes += littleEndian(UInt32(values.count)) + values.flatMap { littleEndian($0.bitPattern) }
        case .tables(let tables):
            bytes += littleEndian(UInt32(tables.count))
            let start = bytes.count
            bytes += [UInt8](repeating: 0, count: 4 * tables.count)
            for (index, table) in tables.enumerated() { append(table, to: &bytes, patching: start + 4 * index) }
        }
    }
}
