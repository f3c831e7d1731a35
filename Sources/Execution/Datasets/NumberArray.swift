import Foundation

/// How one number of a data file is stored.
enum StoredNumber: Sendable, Hashable {
    case int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64

    var byteCount: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    var isInteger: Bool {
        switch self {
        case .float32, .float64: false
        case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64: true
        }
    }
}

/// Numbers of a data file in records of one shape; nothing is converted before it is asked for.
struct NumberArray: Sendable {
    let file: DataFile
    let type: StoredNumber
    var isBigEndian = false
    /// Records, equally spaced.
    let count: Int
    /// The extents of one record.
    let recordShape: [Int]
    /// Byte offset of the first record.
    let start: Int
    /// Bytes from one record to the next.
    let stride: Int
    /// Bytes from one element to the next along each axis of a record.
    let elementStrides: [Int]

    /// Records in row-major order, one directly behind the other unless `stride` says otherwise.
    ///
    /// - Throws: `Diagnostics` when they do not lie inside the file.
    init(
        _ file: DataFile, _ type: StoredNumber, isBigEndian: Bool = false, count: Int, recordShape: [Int], start: Int,
        stride: Int? = nil
    ) throws {
        var strides: [Int] = []
        var size = type.byteCount
        for extent in recordShape.reversed() {
            strides.insert(size, at: 0)
            size = try NumberArray.product(size, extent, file)
        }
        try self.init(
            file, type, isBigEndian: isBigEndian, count: count, recordShape: recordShape, start: start,
            stride: stride ?? size, elementStrides: strides)
    }

    init(
        _ file: DataFile, _ type: StoredNumber, isBigEndian: Bool, count: Int, recordShape: [Int], start: Int,
        stride: Int, elementStrides: [Int]
    ) throws {
        self.file = file
        self.type = type
        self.isBigEndian = isBigEndian
        self.count = count
        self.recordShape = recordShape
        self.start = start
        self.stride = stride
        self.elementStrides = elementStrides
        guard count > 0 else { throw file.fault("the file holds no record", at: start) }
        var last = try NumberArray.product(count - 1, stride, file)
        for (extent, step) in zip(recordShape, elementStrides) {
            let (sum, overflow) = last.addingReportingOverflow(try NumberArray.product(max(0, extent - 1), step, file))
            guard !overflow else { throw file.fault("an array is too large") }
            last = sum
        }
        guard recordShape.allSatisfy({ $0 > 0 }) else {
            throw file.fault("an array of \(count) records of \(recordShape)", at: start)
        }
        let room = file.bytes.count - start - type.byteCount
        guard start >= 0, last <= room else {
            throw file.fault("the file ends before its \(count) records of \(recordShape) do", at: file.bytes.count)
        }
    }

    private static func product(_ left: Int, _ right: Int, _ file: DataFile) throws -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        guard left >= 0, right >= 0, !overflow else { throw file.fault("an array is too large") }
        return product
    }

    /// Whether the elements of a record lie one behind the other in row-major order.
    private var isContiguous: Bool {
        var step = type.byteCount
        for (extent, stride) in zip(recordShape, elementStrides).reversed() {
            if stride != step { return false }
            step *= extent
        }
        return true
    }

    var elementsPerRecord: Int { recordShape.reduce(1, *) }

    /// The elements of record `index` in row-major order, each given to `body`.
    ///
    /// - Precondition: `index` is in `0..<count`.
    func record(_ index: Int) -> [Double] {
        precondition(index >= 0 && index < count)
        return file.bytes.withUnsafeBytes { bytes in
            var values: [Double] = []
            values.reserveCapacity(elementsPerRecord)
            if type == .uint8, isContiguous {
                let first = start + index * stride
                for place in first..<first + elementsPerRecord { values.append(Double(bytes[place])) }
                return values
            }
            append(axis: 0, offset: start + index * stride, bytes: bytes, to: &values)
            return values
        }
    }

    private func append(axis: Int, offset: Int, bytes: UnsafeRawBufferPointer, to values: inout [Double]) {
        guard axis < recordShape.count else { return values.append(number(bytes, offset)) }
        for place in 0..<recordShape[axis] {
            append(axis: axis + 1, offset: offset + place * elementStrides[axis], bytes: bytes, to: &values)
        }
    }

    private func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Double {
        switch type {
        case .int8: Double(bytes.loadUnaligned(fromByteOffset: offset, as: Int8.self))
        case .uint8: Double(bytes[offset])
        case .int16: Double(load(bytes, offset, Int16.self))
        case .uint16: Double(load(bytes, offset, UInt16.self))
        case .int32: Double(load(bytes, offset, Int32.self))
        case .uint32: Double(load(bytes, offset, UInt32.self))
        case .int64: Double(load(bytes, offset, Int64.self))
        case .uint64: Double(load(bytes, offset, UInt64.self))
        case .float32: Double(Float(bitPattern: load(bytes, offset, UInt32.self)))
        case .float64: Double(bitPattern: load(bytes, offset, UInt64.self))
        }
    }

    private func load<T: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ type: T.Type) -> T {
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: T.self)
        return isBigEndian ? T(bigEndian: value) : T(littleEndian: value)
    }
}
