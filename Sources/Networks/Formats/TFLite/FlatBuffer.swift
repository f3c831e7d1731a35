/// A fault of a FlatBuffers file: what is wrong, and the byte at which it shows.
struct FlatBufferFault: Error {
    let message: String
    let offset: Int
}

/// Bounds-checked access to the bytes of a FlatBuffers file (little-endian, offsets relative to where they stand).
///
/// Elements copied out of vectors are counted against a budget of a few times the file's size, so that a small file whose
/// offsets all point at one long vector cannot ask for unbounded memory.
final class FlatBuffer {
    let bytes: [UInt8]
    private var budget: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        budget = 8 * bytes.count + 4096
    }

    /// The little-endian integer at `offset`.
    func load<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) throws(FlatBufferFault) -> T {
        let size = MemoryLayout<T>.size
        guard offset >= 0, offset <= bytes.count - size else {
            throw FlatBufferFault(message: "\(size) bytes lie beyond the end of the file", offset: offset)
        }
        var value: T = 0
        for index in (0..<size).reversed() {
            value = T(truncatingIfNeeded: UInt64(truncatingIfNeeded: value) << 8 | UInt64(bytes[offset + index]))
        }
        return value
    }

    /// The place at which the unsigned offset at `offset` points.
    func target(at offset: Int) throws(FlatBufferFault) -> Int {
        let distance = Int(try load(UInt32.self, at: offset))
        guard distance >= 4, distance < bytes.count - offset else {
            throw FlatBufferFault(message: "offset \(distance) points outside the file", offset: offset)
        }
        return offset + distance
    }

    /// The table at `position`.
    func table(at position: Int) throws(FlatBufferFault) -> FlatTable {
        let distance = Int(try load(Int32.self, at: position))
        let vtable = position - distance
        let vtableSize = Int(try load(UInt16.self, at: vtable))
        let size = Int(try load(UInt16.self, at: vtable + 2))
        guard vtableSize >= 4, vtableSize % 2 == 0, vtable <= bytes.count - vtableSize else {
            throw FlatBufferFault(message: "a table of fields has \(vtableSize) bytes", offset: vtable)
        }
        guard size >= 4, position <= bytes.count - size else {
            throw FlatBufferFault(
                message: "a table of \(size) bytes reaches beyond the end of the file", offset: position)
        }
        return FlatTable(buffer: self, position: position, size: size, vtable: vtable, vtableSize: vtableSize)
    }

    /// Counts `byteCount` copied bytes against the budget.
    func charge(_ byteCount: Int, at offset: Int) throws(FlatBufferFault) {
        guard byteCount <= budget else {
            throw FlatBufferFault(message: "the file's parts repeat one another beyond all use", offset: offset)
        }
        budget -= byteCount
    }
}
