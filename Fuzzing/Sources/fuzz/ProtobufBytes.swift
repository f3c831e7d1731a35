import Foundation

/// A message of Protocol Buffers, field by field.
struct ProtobufBytes {
    private(set) var bytes = Data()

    private mutating func append(varint: UInt64) {
        var rest = varint
        while rest >= 128 {
            bytes.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func append(_ field: UInt64, integer: Int64) {
        append(varint: field << 3)
        append(varint: UInt64(bitPattern: integer))
    }

    mutating func append(_ field: UInt64, bytes contents: Data) {
        append(varint: field << 3 | 2)
        append(varint: UInt64(contents.count))
        bytes += contents
    }

    mutating func append(_ field: UInt64, text: String) {
        append(field, bytes: Data(text.utf8))
    }

    mutating func append(_ field: UInt64, message build: (inout ProtobufBytes) -> Void) {
        var message = ProtobufBytes()
        build(&message)
        append(field, bytes: message.bytes)
    }
}
