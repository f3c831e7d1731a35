import FixedPoint
import Tensors

/// One tensor of the main subgraph, checked on its own.
struct TFLiteTensor {
    let index: Int
    /// Byte offset in the file.
    let offset: Int
    let name: String
    let shape: Shape
    let type: TFLiteTensorType
    /// Index of its data; 0 for a tensor without.
    let buffer: Int
    let quantization: Quantization?
    /// Whether this stands in for a tensor that could not be read.
    let isBroken: Bool

    init(_ table: FlatTable, index: Int) throws(FlatBufferFault) {
        self.index = index
        offset = table.position
        isBroken = false
        let extents = try table.integers(TFLiteField.Tensor.shape, Int32.self).map(Int.init)
        guard extents.count <= 8, let shape = Shape(checking: extents) else {
            throw FlatBufferFault(message: "its shape \(extents.prefix(8)) is impossible", offset: offset)
        }
        self.shape = shape
        let code = try table.integer(TFLiteField.Tensor.type, Int8.self)
        guard let type = TFLiteTensorType(rawValue: code) else {
            throw FlatBufferFault(message: "there is no element type \(code)", offset: offset)
        }
        self.type = type
        buffer = try table.integer(TFLiteField.Tensor.buffer, UInt32.self)
        let name = try table.string(TFLiteField.Tensor.name) ?? ""
        self.name = name.isEmpty ? "tensor\(index)" : name
        guard try table.integer(TFLiteField.Tensor.isVariable, UInt8.self) == 0 else {
            throw FlatBufferFault(message: "state kept between inferences is not supported", offset: offset)
        }
        guard try table.table(TFLiteField.Tensor.sparsity) == nil else {
            throw FlatBufferFault(message: "sparse storage is not supported", offset: offset)
        }
        quantization = try TFLiteTensor.quantization(
            try table.table(TFLiteField.Tensor.quantization), type: type, shape: shape)
    }

    /// The same tensor with other elements.
    init(_ tensor: TFLiteTensor, shape: Shape, type: TFLiteTensorType, quantization: Quantization) {
        index = tensor.index
        offset = tensor.offset
        name = tensor.name
        self.shape = shape
        self.type = type
        buffer = tensor.buffer
        self.quantization = quantization
        isBroken = tensor.isBroken
    }

    /// A stand-in for a tensor that could not be read, so that the others keep their numbers.
    init(broken index: Int) {
        self.index = index
        offset = 0
        isBroken = true
        name = "tensor\(index)"
        shape = []
        type = .float32
        buffer = 0
        quantization = nil
    }

    private static func quantization(
        _ table: FlatTable?, type: TFLiteTensorType, shape: Shape
    ) throws(FlatBufferFault) -> Quantization? {
        guard let table, let format = type.quantizedFormat else { return nil }
        guard try table.integer(TFLiteField.Quantization.detailsType, UInt8.self) == 0 else {
            throw FlatBufferFault(message: "custom quantization is not supported", offset: table.position)
        }
        let scales = try table.floats(TFLiteField.Quantization.scale)
        if scales.isEmpty { return nil }
        var zeroPoints = try table.integers(TFLiteField.Quantization.zeroPoint, Int64.self).map(Int.init)
        if zeroPoints.isEmpty { zeroPoints = Array(repeating: 0, count: scales.count) }
        if zeroPoints.count == 1, let only = zeroPoints.first {
            zeroPoints = Array(repeating: only, count: scales.count)
        }
        let dimension = try table.integer(TFLiteField.Quantization.dimension, Int32.self)
        let axis = scales.count == 1 ? nil : dimension
        let quantization = Quantization(format: format, scales: scales, zeroPoints: zeroPoints, axis: axis)
        if let fault = quantization.fault(for: shape) {
            throw FlatBufferFault(message: fault, offset: table.position)
        }
        return quantization
    }
}

extension TFLiteTensorType {
    /// The integers that a quantized tensor of this type may hold.
    var quantizedFormat: NumberFormat? {
        switch self {
        case .int8: .int8
        case .uint8: .uint8
        case .int16: .int16
        case .int32, .int64: .int32
        case .float32, .float16, .string, .bool, .complex64, .float64, .complex128, .uint64, .resource, .variant,
            .uint32,
            .uint16, .int4, .bfloat16:
            nil
        }
    }
}
