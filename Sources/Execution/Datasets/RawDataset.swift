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
            let elements = elements(at: offset, count: shape.elementCount, type: type)
            if case .float32(let reals) = elements, let place = reals.firstIndex(where: { !$0.isFinite }) {
                throw file.fault("case \(index) holds \(reals[place])", at: offset + 4 * place)
            }
            return Tensor(shape: shape, elements: elements)
        }
    }

    /// Records of a single input are a batch as they lie in the file; reals are looked at one by one.
    func batch(_ range: Range<Int>) throws -> CaseBatch {
        let (shape, type) = inputs[0]
        guard inputs.count == 1, type != .float32 else { return try CaseBatch.joined(range.map(`case`)) }
        let elements = elements(
            at: range.lowerBound * recordSize, count: range.count * shape.elementCount, type: type)
        return CaseBatch(count: range.count, shapes: [shape], elements: [elements])
    }

    /// Little-endian elements, which lie inside the file.
    private func elements(at offset: Int, count: Int, type: ElementType) -> Tensor.Elements {
        let start = file.bytes.startIndex + offset
        let bytes = Data(file.bytes[start..<start + count * type.byteCount])
        return Tensor(shape: [count], littleEndian: bytes, type: type).elements
    }
}
