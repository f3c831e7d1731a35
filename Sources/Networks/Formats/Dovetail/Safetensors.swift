import Diagnostics
public import Foundation
public import Tensors

/// Named tensors in one file: an 8-byte length, a JSON table of types, shapes and offsets, then the bytes.
///
/// The layout is the public safetensors format; elements are little-endian, in the order of their names.
public enum Safetensors {
    private struct Entry: Codable {
        var type: String
        var shape: [Int]
        /// First byte and the byte behind the last one, from the end of the table.
        var extent: [Int]

        private enum CodingKeys: String, CodingKey {
            case type = "dtype"
            case shape
            case extent = "data_offsets"
        }
    }

    /// No table may be longer than this.
    private static let longestTable = 64 << 20

    /// The bytes of a file that holds `tensors`.
    public static func encode(_ tensors: [String: Tensor]) throws -> Data {
        var table: [String: Entry] = [:]
        var body = Data()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let start = body.count
            body.append(tensor.littleEndianBytes)
            table[name] = Entry(
                type: code(of: tensor.elementType), shape: tensor.shape.extents, extent: [start, body.count])
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var header = try encoder.encode(table)
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        var file = Data()
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { file.append(contentsOf: $0) }
        return file + header + body
    }

    /// The tensors of a file.
    ///
    /// - Throws: `Diagnostic` for a table or an offset that does not fit the file, for tensors that overlap and for bytes of none.
    public static func decode(_ file: Data, name: String) throws -> [String: Tensor] {
        func fault(_ message: String, at offset: Int = 0) -> Diagnostic {
            Diagnostic(message, at: SourceLocation(file: name, position: .byte(offset: offset)))
        }
        guard file.count >= 8 else { throw fault("the file ends inside its length field") }
        let length = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(file[file.startIndex + $1]) }
        guard length <= UInt64(min(longestTable, file.count - 8)) else {
            throw fault("a table of \(length) bytes does not fit into the file")
        }
        let body = file.dropFirst(8 + Int(length))
        guard let table = try? JSONDecoder().decode([String: Entry].self, from: file.dropFirst(8).prefix(Int(length)))
        else { throw fault("the table of tensors is not the JSON that safetensors asks for", at: 8) }
        var tensors: [String: Tensor] = [:]
        var end = 0
        for (tensor, entry) in table.sorted(by: { $0.value.extent.lexicographicallyPrecedes($1.value.extent) }) {
            guard let type = type(of: entry.type) else {
                throw fault("'\(tensor)' has the type \(entry.type)", at: 8)
            }
            guard let shape = Shape(checking: entry.shape), entry.extent.count == 2,
                entry.extent[0] >= 0, entry.extent[0] <= entry.extent[1],
                entry.extent[1] <= body.count,
                entry.extent[1] - entry.extent[0] == shape.elementCount * type.byteCount
            else { throw fault("'\(tensor)' lies at \(entry.extent), which does not suit its shape", at: 8) }
            guard entry.extent[0] == end else {
                throw fault(
                    "'\(tensor)' lies at \(entry.extent), not behind the tensor before, which ends at \(end)", at: 8)
            }
            end = entry.extent[1]
            let bytes = body.dropFirst(entry.extent[0]).prefix(shape.elementCount * type.byteCount)
            tensors[tensor] = Tensor(shape: shape, littleEndian: bytes, type: type)
        }
        guard end == body.count else { throw fault("\(body.count - end) bytes behind the last tensor", at: 8) }
        return tensors
    }

    private static func code(of type: ElementType) -> String {
        switch type {
        case .float32: "F32"
        case .int8: "I8"
        case .uint8: "U8"
        case .int16: "I16"
        case .int32: "I32"
        case .int64: "I64"
        }
    }

    private static func type(of code: String) -> ElementType? {
        ElementType.allCases.first { self.code(of: $0) == code }
    }
}
