import Foundation

extension NumberArray {
    static func isNPY(_ file: DataFile) -> Bool {
        file.bytes.starts(with: [0x93] + Array("NUMPY".utf8))
    }

    /// The array of an NPY file, versions 1 to 3 of the format; its first axis counts records.
    static func npy(_ file: DataFile) throws -> NumberArray {
        let bytes = file.bytes
        guard isNPY(file), bytes.count >= 12 else { throw file.fault("no complete NPY header", at: 0) }
        func byte(_ offset: Int) -> Int { Int(bytes[bytes.startIndex + offset]) }
        let version = byte(6)
        guard (1...3).contains(version) else { throw file.fault("NPY version \(version) is not read", at: 6) }
        let headerStart = version == 1 ? 10 : 12
        var size = byte(8) | byte(9) << 8
        if version > 1 { size |= byte(10) << 16 | byte(11) << 24 }
        guard size <= bytes.count - headerStart, size <= 1 << 20 else {
            throw file.fault("the NPY header reaches beyond the end of the file", at: 8)
        }
        let text = bytes.dropFirst(headerStart).prefix(size)
        let header = try NPYHeader(String(decoding: text, as: UTF8.self), file: file, offset: headerStart)
        let start = headerStart + size
        let (count, record) = (header.shape.first ?? 1, Array(header.shape.dropFirst()))
        if !header.isFortranOrder {
            return try NumberArray(
                file, header.type, isBigEndian: header.isBigEndian, count: count, recordShape: record, start: start)
        }
        var strides: [Int] = []
        var step = header.type.byteCount
        for extent in header.shape {
            strides.append(step)
            let (product, overflow) = step.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw file.fault("an array is too large", at: headerStart) }
            step = product
        }
        return try NumberArray(
            file, header.type, isBigEndian: header.isBigEndian, count: count, recordShape: record, start: start,
            stride: strides.first ?? step, elementStrides: Array(strides.dropFirst()))
    }
}

/// The dictionary at the head of an NPY file.
struct NPYHeader {
    let type: StoredNumber
    let isBigEndian: Bool
    let isFortranOrder: Bool
    let shape: [Int]

    init(_ text: String, file: DataFile, offset: Int) throws {
        func value(_ key: String, _ pattern: String) -> String? {
            let expression = "['\"]\(key)['\"]\\s*:\\s*\(pattern)"
            guard let match = try? Regex(expression).firstMatch(in: text), match.output.count > 1 else { return nil }
            return match.output[1].substring.map(String.init)
        }
        guard let descriptor = value("descr", "['\"]([^'\"]*)['\"]"),
            let order = value("fortran_order", "(True|False)"),
            let tuple = value("shape", "\\(([^)]*)\\)")
        else { throw file.fault("the NPY header lacks descr, fortran_order or shape", at: offset) }
        guard let type = NPYHeader.types[String(descriptor.dropFirst())], let mark = descriptor.first,
            "<>|=".contains(mark)
        else { throw file.fault("elements of type '\(descriptor)' are not read", at: offset) }
        self.type = type
        isBigEndian = mark == ">"
        isFortranOrder = order == "True"
        let parts = tuple.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        let extents = parts.compactMap { Int($0) }
        guard extents.count == parts.count, extents.count <= 8, extents.allSatisfy({ $0 >= 0 }) else {
            throw file.fault("the shape (\(tuple)) is impossible", at: offset)
        }
        shape = extents
    }

    private static let types: [String: StoredNumber] = [
        "b1": .uint8, "i1": .int8, "u1": .uint8, "i2": .int16, "u2": .uint16, "i4": .int32, "u4": .uint32, "i8": .int64,
        "u8": .uint64, "f4": .float32, "f8": .float64,
    ]
}
