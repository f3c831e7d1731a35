import Foundation

/// The members of a zip file, stored or deflated; zip64 archives are refused.
struct ZipArchive {
    struct Member {
        let name: String
        let method: Int
        let checksum: UInt32
        let compressedSize: Int
        let size: Int
        /// Byte offset of the member's local header.
        let header: Int
    }

    let file: DataFile
    let members: [Member]

    static func recognizes(_ file: DataFile) -> Bool {
        file.bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]) || file.bytes.starts(with: [0x50, 0x4b, 0x05, 0x06])
    }

    init(_ file: DataFile) throws {
        self.file = file
        let count = file.bytes.count
        let tail = [UInt8](file.bytes.suffix(22 + 0xffff))
        let signature: [UInt8] = [0x50, 0x4b, 0x05, 0x06]
        let places = stride(from: tail.count - 22, through: 0, by: -1)
        guard let place = places.first(where: { Array(tail[$0..<$0 + 4]) == signature }) else {
            throw file.fault("the zip file has no end record", at: count)
        }
        let end = count - tail.count + place
        let total = try file.little(end + 10, 2)
        var position = try file.little(end + 16, 4)
        var members: [Member] = []
        for _ in 0..<total {
            guard try file.little(position, 4) == 0x0201_4b50 else {
                throw file.fault("no entry of the zip directory", at: position)
            }
            let nameSize = try file.little(position + 28, 2)
            let extra = try file.little(position + 30, 2) + file.little(position + 32, 2)
            let name = try file.part(position + 46, nameSize)
            members.append(
                Member(
                    name: String(decoding: name, as: UTF8.self), method: try file.little(position + 10, 2),
                    checksum: UInt32(try file.little(position + 16, 4)),
                    compressedSize: try file.little(position + 20, 4), size: try file.little(position + 24, 4),
                    header: try file.little(position + 42, 4)))
            position += 46 + nameSize + extra
        }
        guard members.reduce(0, { $0 + $1.size }) <= Inflation.limit else {
            throw file.fault("the members are larger than \(Inflation.limit) bytes together", at: end)
        }
        self.members = members
    }

    /// The contents of a member as a file of its own.
    func contents(_ member: Member) throws -> DataFile {
        guard member.size != 0xffff_ffff, member.compressedSize != 0xffff_ffff else {
            throw file.fault("member '\(member.name)' needs zip64, which is not read", at: member.header)
        }
        guard try file.little(member.header, 4) == 0x0403_4b50 else {
            throw file.fault("no header of member '\(member.name)'", at: member.header)
        }
        let names = try file.little(member.header + 26, 2) + file.little(member.header + 28, 2)
        let start = member.header + 30 + names
        let part = try file.part(start, member.compressedSize)
        let bytes: Data
        switch member.method {
        case 0: bytes = part
        case 8: bytes = try Inflation.deflated(part, size: member.size, file: file, offset: start)
        case let method:
            throw file.fault("member '\(member.name)' uses compression method \(method)", at: member.header)
        }
        guard bytes.count == member.size, Inflation.matches(bytes, checksum: member.checksum) else {
            throw file.fault("member '\(member.name)' is damaged", at: start)
        }
        return DataFile(bytes, name: "\(file.name)/\(member.name)")
    }
}

extension DataFile {
    /// The unsigned little-endian number of `size` bytes at `offset`.
    fileprivate func little(_ offset: Int, _ size: Int) throws -> Int {
        try part(offset, size).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    fileprivate func part(_ offset: Int, _ size: Int) throws -> Data {
        guard offset >= 0, size >= 0, size <= bytes.count, offset <= bytes.count - size else {
            throw fault("\(size) bytes lie beyond the end of the file", at: offset)
        }
        let start = bytes.startIndex + offset
        return bytes[start..<start + size]
    }
}
