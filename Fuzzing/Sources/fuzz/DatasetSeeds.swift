import Foundation

/// Small data files, written byte by byte.
enum DatasetSeeds {
    static let oneCase = array("|u1", "(1, 3, 4)", Array(0..<12))

    static let npy = [
        oneCase, array("<f4", "(1, 3, 4)", [UInt8](repeating: 0x3f, count: 48)),
        array("<i2", "(2,)", [1, 0, 4, 0]), array("|i1", "(3, 4)", Array(0..<12), isFortranOrder: true),
    ]
    static let npz = [zip("input.npy", oneCase)]
    static let idx = [
        Data([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4] + Array(0..<24)), Data([0, 0, 8, 1, 0, 0, 0, 1, 3]),
    ]
    static let gzip = idx.map(stored)

    private static func array(
        _ type: String, _ shape: String, _ bytes: [UInt8], isFortranOrder: Bool = false
    ) -> Data {
        let order = isFortranOrder ? "True" : "False"
        let header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
        let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
        return Data(head + Array(header.utf8) + bytes)
    }

    private static func little(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(value >> (8 * $0) & 0xff) }
    }

    /// CRC-32 as zip and gzip have it.
    private static func checksum(_ bytes: Data) -> Int {
        var sum: UInt32 = 0xffff_ffff
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
        return Int(~sum)
    }

    /// A gzip file of one stored block.
    private static func stored(_ bytes: Data) -> Data {
        let block = [1] + little(bytes.count, 2) + little(~bytes.count & 0xffff, 2) + bytes
        let head: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
        return Data(head + block + little(checksum(bytes), 4) + little(bytes.count, 4))
    }

    /// A zip file of one stored member.
    private static func zip(_ name: String, _ bytes: Data) -> Data {
        let facts =
            little(20, 2) + little(0, 8) + little(checksum(bytes), 4) + little(bytes.count, 4) + little(bytes.count, 4)
            + little(name.utf8.count, 2) + little(0, 2)
        let local = little(0x0403_4b50, 4) + facts + Array(name.utf8) + bytes
        let central = little(0x0201_4b50, 4) + little(20, 2) + facts + little(0, 14) + Array(name.utf8)
        let end =
            little(0x0605_4b50, 4) + little(0, 4) + little(1, 2) + little(1, 2) + little(central.count, 4)
            + little(local.count, 4) + little(0, 2)
        return Data(local + central + end)
    }
}
