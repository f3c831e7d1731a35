import Diagnostics
import Foundation
import Tensors

/// Element types of ONNX tensors that the reader knows, by their number in the format.
enum ONNXElementType: Int32 {
    case float32 = 1
    case uint8 = 2
    case int8 = 3
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case float64 = 11

    /// How the network stores such elements; doubles are rounded to float32.
    var stored: ElementType {
        switch self {
        case .float32, .float64: .float32
        case .uint8: .uint8
        case .int8: .int8
        case .int16: .int16
        case .int32: .int32
        case .int64: .int64
        }
    }

    init(checking number: Int32) throws {
        guard let type = ONNXElementType(rawValue: number) else {
            throw Diagnostic(
                "element type \(number) of ONNX is not supported",
                fix: "export the model with float, double, int8, uint8, int16, int32 or int64 tensors")
        }
        self = type
    }
}

extension ONNXTensor {
    /// The tensor, once its extents and the number of its elements have been checked.
    func decoded() throws -> Tensor {
        guard dataLocation == .default else {
            throw Diagnostic("the tensor's data are in another file", fix: "save the model with its data inside")
        }
        let type = try ONNXElementType(checking: dataType)
        let extents = try dims.map { extent in
            guard let extent = Int(exactly: extent) else { throw Diagnostic("extent \(extent) is out of range") }
            return extent
        }
        guard extents.count <= ONNXTensor.maximumRank, let shape = Shape(checking: extents) else {
            throw Diagnostic("\(extents) is not the shape of a tensor")
        }
        let elements = try elements(of: type)
        guard elements.count == shape.elementCount else {
            throw Diagnostic("\(elements.count) elements for a tensor of \(shape)")
        }
        return Tensor(shape: shape, elements: elements)
    }

    private func elements(of type: ONNXElementType) throws -> Tensor.Elements {
        switch type {
        case .float32: .float32(hasRawData ? try words().map(Float.init(bitPattern:)) : floatData)
        case .float64:
            .float32(
                (hasRawData ? try words().map { Double(bitPattern: $0) } : doubleData).map { Float($0) })
        case .uint8: .uint8(hasRawData ? try words() : try narrowed(int32Data))
        case .int8: .int8(hasRawData ? try words().map { Int8(bitPattern: $0) } : try narrowed(int32Data))
        case .int16: .int16(hasRawData ? try words().map { Int16(bitPattern: $0) } : try narrowed(int32Data))
        case .int32: .int32(hasRawData ? try words().map { Int32(bitPattern: $0) } : int32Data)
        case .int64: .int64(hasRawData ? try words().map { Int64(bitPattern: $0) } : int64Data)
        }
    }

    private func narrowed<T: FixedWidthInteger>(_ values: [Int32]) throws -> [T] {
        try values.map { value in
            guard let narrow = T(exactly: value) else { throw Diagnostic("element \(value) is out of range") }
            return narrow
        }
    }

    /// The raw data as little-endian words.
    private func words<T: FixedWidthInteger & UnsignedInteger>() throws -> [T] {
        let width = MemoryLayout<T>.size
        guard rawData.count % width == 0 else {
            throw Diagnostic("\(rawData.count) bytes of data do not make whole elements of \(width) bytes")
        }
        return rawData.withUnsafeBytes { bytes in
            (0..<bytes.count / width).map {
                T(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * width, as: T.self))
            }
        }
    }

    static let maximumRank = 8
}
