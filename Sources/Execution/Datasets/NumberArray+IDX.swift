import Foundation

extension NumberArray {
    private static let idxTypes: [UInt8: StoredNumber] = [
        0x08: .uint8, 0x09: .int8, 0x0b: .int16, 0x0c: .int32, 0x0d: .float32, 0x0e: .float64,
    ]

    static func isIDX(_ file: DataFile) -> Bool {
        let head = [UInt8](file.bytes.prefix(4))
        return head.count == 4 && head[0] == 0 && head[1] == 0 && idxTypes[head[2]] != nil && (1...8).contains(head[3])
    }

    /// The array of an IDX file (big-endian); its first axis counts records.
    static func idx(_ file: DataFile) throws -> NumberArray {
        let head = [UInt8](file.bytes.prefix(4 + 4 * 8))
        guard isIDX(file), let type = idxTypes[head[2]], head.count >= 4 + 4 * Int(head[3]) else {
            throw file.fault("no complete IDX header", at: 0)
        }
        let rank = Int(head[3])
        let extents = (0..<rank).map { axis in
            head[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
        }
        return try NumberArray(
            file, type, isBigEndian: true, count: extents[0], recordShape: Array(extents.dropFirst()),
            start: 4 + 4 * rank)
    }
}
