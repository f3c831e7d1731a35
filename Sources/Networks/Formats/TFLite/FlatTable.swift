/// One table of a FlatBuffers file; fields are named by their number in the schema.
struct FlatTable {
    let buffer: FlatBuffer
    /// Byte offset in the file.
    let position: Int
    let size: Int
    let vtable: Int
    let vtableSize: Int

    /// Where a field of `byteCount` bytes stands, or nil when the file leaves it out.
    func location(of field: Int, byteCount: Int) throws(FlatBufferFault) -> Int? {
        let entry = 4 + 2 * field
        guard entry + 2 <= vtableSize else { return nil }
        let offset = Int(try buffer.load(UInt16.self, at: vtable + entry))
        if offset == 0 { return nil }
        guard offset >= 4, offset + byteCount <= size else {
            throw FlatBufferFault(message: "field \(field) lies outside its table", offset: position)
        }
        return position + offset
    }

    /// A scalar field, or `default` when the file leaves it out.
    func integer<T: FixedWidthInteger>(_ field: Int, _ type: T.Type, default value: T = 0) throws(FlatBufferFault)
        -> Int
    {
        guard let location = try location(of: field, byteCount: MemoryLayout<T>.size) else { return Int(value) }
        guard let exact = Int(exactly: try buffer.load(type, at: location)) else {
            throw FlatBufferFault(message: "field \(field) is too large a number", offset: location)
        }
        return exact
    }

    func float(_ field: Int, default value: Float = 0) throws(FlatBufferFault) -> Float {
        guard let location = try location(of: field, byteCount: 4) else { return value }
        return Float(bitPattern: try buffer.load(UInt32.self, at: location))
    }

    func table(_ field: Int) throws(FlatBufferFault) -> FlatTable? {
        guard let location = try location(of: field, byteCount: 4) else { return nil }
        return try buffer.table(at: try buffer.target(at: location))
    }

    /// Where the elements of a vector field lie; empty when the file leaves the field out.
    func vector(_ field: Int, elementSize: Int) throws(FlatBufferFault) -> FlatVector {
        guard let location = try location(of: field, byteCount: 4) else {
            return FlatVector(buffer: buffer, start: position, count: 0)
        }
        let start = try buffer.target(at: location)
        let count = Int(try buffer.load(UInt32.self, at: start))
        guard count <= (buffer.bytes.count - start - 4) / elementSize else {
            throw FlatBufferFault(
                message: "a vector of \(count) elements reaches beyond the end of the file", offset: start)
        }
        return FlatVector(buffer: buffer, start: start + 4, count: count)
    }

    /// A vector of numbers, copied.
    func integers<T: FixedWidthInteger>(_ field: Int, _ type: T.Type) throws(FlatBufferFault) -> [T] {
        let size = MemoryLayout<T>.size
        let vector = try vector(field, elementSize: size)
        try buffer.charge(vector.count * size, at: vector.start)
        var values: [T] = []
        values.reserveCapacity(vector.count)
        for index in 0..<vector.count { values.append(try buffer.load(type, at: vector.start + index * size)) }
        return values
    }

    func floats(_ field: Int) throws(FlatBufferFault) -> [Float] {
        try integers(field, UInt32.self).map(Float.init(bitPattern:))
    }

    /// A vector of tables.
    func tables(_ field: Int) throws(FlatBufferFault) -> FlatVector {
        try vector(field, elementSize: 4)
    }

    /// A string, with every byte that is not UTF-8 replaced; nil when the file leaves it out.
    func string(_ field: Int) throws(FlatBufferFault) -> String? {
        guard try location(of: field, byteCount: 4) != nil else { return nil }
        return String(decoding: try integers(field, UInt8.self), as: UTF8.self)
    }
}

/// The elements of a vector of a FlatBuffers file, known to lie inside the file.
struct FlatVector {
    let buffer: FlatBuffer
    /// Byte offset of the first element.
    let start: Int
    let count: Int

    /// The table to which element `index` of a vector of offsets points.
    func table(_ index: Int) throws(FlatBufferFault) -> FlatTable {
        guard index >= 0, index < count else {
            throw FlatBufferFault(message: "element \(index) of a vector of \(count)", offset: start)
        }
        return try buffer.table(at: try buffer.target(at: start + 4 * index))
    }
}
