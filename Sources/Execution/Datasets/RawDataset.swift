import Diagnostics
import Foundation
import Networks
import Tensors

/// Cases as the network itself stores them: its inputs one after another, in its own element types, little-endian.
struct RawDataset: Dataset {
    private let file: DataFile
    private let inputs: [(shape: Shape, type: ElementType)]
    private let recordSize: Int

    /// - Throws: `Diagnostics` when the file is no whole number of records.
    init(_ file: DataFile, for network: Network) throws {
        self.file = file
        inputs = network.inputs.map { (network[$0].shape, network[$0].elementType) }
        recordSize = RawDataset.recordSize(for: network)
        guard recordSize > 0, file.bytes.count % recordSize == 0, !file.bytes.isEmpty else {
            throw file.fault(
                "\(file.bytes.count) bytes are no whole number of records of \(recordSize) bytes",
                at: recordSize > 0 ? file.bytes.count / recordSize * recordSize : 0)
        }
    }

    /// Bytes of one case.
    static func recordSize(for network: Network) -> Int {
        network.inputs.reduce(0) { $0 + network[$1].shape.elementCount * network[$1].elementType.byteCount }
    }

    var count: Int { file.bytes.count / recordSize }

    func `case`(at index: Int) throws -> [Tensor] {
        precondition(index >= 0 && index < count)
        var offset = index * recordSize
        return try inputs.map { shape, type in
            defer { offset += shape.elementCount * type.byteCount }
            let elements = file.bytes.withUnsafeBytes { bytes in
                Tensor.Elements(bytes, at: offset, count: shape.elementCount, type: type)
            }
            if case .float32(let reals) = elements, let place = reals.firstIndex(where: { !$0.isFinite }) {
                throw file.fault("case \(index) holds \(reals[place])", at: offset + 4 * place)
            }
            return Tensor(shape: shape, elements: elements)
        }
    }
}

extension Tensor.Elements {
    /// Little-endian elements of `type`; they lie inside `bytes`.
    fileprivate init(_ bytes: UnsafeRawBufferPointer, at offset: Int, count: Int, type: ElementType) {
        func numbers<T: FixedWidthInteger>(_: T.Type) -> [T] {
            (0..<count).map {
                T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + $0 * MemoryLayout<T>.size, as: T.self))
            }
        }
        switch type {
        case .float32: self = .float32(numbers(UInt32.self).map(Float.init(bitPattern:)))
        case .int8: self = .int8(numbers(Int8.self))
        case .uint8: self = .uint8(numbers(UInt8.self))
        case .int16: self = .int16(numbers(Int16.self))
        case .int32: self = .int32(numbers(Int32.self))
        case .int64: self = .int64(numbers(Int64.self))
        }
    }
}
