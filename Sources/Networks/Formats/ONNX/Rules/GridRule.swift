import Diagnostics
import FixedPoint
import Tensors

/// Operators of QONNX, which keep values on grids as float32.
extension ONNXRule {
    static let grids: [ONNXRule] = [
        grid("Quant"), grid("IntQuant"), bipolarGrid, floatGrid, truncation, thresholds, popcountProduct,
    ]

    /// `Quant` and its other name `IntQuant`.
    private static func grid(_ type: String) -> ONNXRule {
        ONNXRule(
            type, domain: "qonnx", operands: 4...4, attributes: ["signed", "narrow", "rounding_mode"]
        ) { translation, operation in
            let kind = IntegerQuantization(
                isSigned: try operation.integer("signed", default: 1) != 0,
                isNarrow: try operation.integer("narrow", default: 1) != 0,
                rounding: try rounding(of: operation, default: "ROUND"))
            try checkParameters(scales: [1], widths: [3], zeroPoints: [2], of: operation, in: translation)
            return try emitGrid(kind, operation, in: &translation) { bits, zeroPoint in
                guard kind.isSigned else { return NumberFormat(checking: bits, .unsigned) }
                if bits == 1 { return zeroPoint == 0 ? .bipolar : nil }
                return NumberFormat(checking: bits, kind.isNarrow ? .symmetric : .twosComplement)
            }
        }
    }

    /// `BipolarQuant`.
    private static let bipolarGrid = ONNXRule("BipolarQuant", domain: "qonnx", operands: 2...2) {
        translation, operation in
        try checkParameters(scales: [1], of: operation, in: translation)
        return try emitGrid(BipolarQuantization(), operation, in: &translation) { _, _ in .bipolar }
    }

    /// `FloatQuant` that saturates.
    private static let floatGrid = ONNXRule(
        "FloatQuant", domain: "qonnx", operands: 6...6,
        attributes: ["signed", "rounding_mode", "has_inf", "has_nan", "has_subnormal", "saturation"]
    ) { translation, operation in
        guard try operation.integer("saturation", default: 1) != 0 else {
            throw Diagnostic("numbers beyond the largest one that do not become it are not supported")
        }
        let kind = FloatQuantization(rounding: try rounding(of: operation, default: "ROUND"))
        try checkParameters(scales: [1], zeroPoints: [2, 3, 4], of: operation, in: translation)
        return try emitGrid(kind, operation, in: &translation) { _, _ in nil }
    }

    /// `Trunc`: the version of its operator set decides, as for QONNX itself, what the fifth operand is.
    private static let truncation = ONNXRule(
        "Trunc", domain: "qonnx", operands: 5...6, attributes: ["signed", "narrow", "rounding_mode"]
    ) { translation, operation in
        let count = operation.node.input.count
        let domain = operation.node.domain
        let version = domain.isEmpty ? (count == 6 ? 2 : 1) : translation.versions[domain] ?? 1
        let isSecond = version >= 2
        guard count == 6 || !isSecond else { throw Diagnostic("a scale or a width of the result is missing") }
        let kind = Truncation(
            isSigned: try operation.integer("signed", default: 1) != 0,
            isNarrow: try operation.integer("narrow", default: 0) != 0,
            rounding: try rounding(of: operation, default: "FLOOR"))
        try checkParameters(
            scales: isSecond ? [1, 4] : [1], widths: isSecond ? [3, 5] : [3, 4], zeroPoints: [2], of: operation,
            in: translation)
        return try emitGrid(kind, operation, operands: isSecond ? 6 : 5, in: &translation) { _, _ in nil }
    }

    /// `MultiThreshold`.
    private static let thresholds = ONNXRule(
        "MultiThreshold", domain: "qonnx", operands: 2...2,
        attributes: ["out_dtype", "out_scale", "out_bias", "data_layout"]
    ) { translation, operation in
        let value = try translation.operand(0, of: operation)
        let extents = translation.logicalShape(of: value)
        let layout = try operation.text("data_layout", default: "")
        let stated = layout.isEmpty ? [2: "NC", 3: "NWC", 4: "NCHW"][extents.count] ?? "" : layout
        let channel = stated.firstIndex(of: "C").map { stated.distance(from: stated.startIndex, to: $0) } ?? 1
        guard extents.indices.contains(channel) else {
            throw Diagnostic("layout '\(layout)' of a tensor of \(extents.count) axes")
        }
        let edge = try translation.gridEdge(value)
        let kind = MultiThreshold(
            channelAxis: edge.order.firstIndex(of: channel) ?? channel,
            scale: try operation.real("out_scale", default: 1), bias: try operation.real("out_bias", default: 0))
        let inputs = [edge.id, try translation.storedAsInFile(translation.operand(1, of: operation))]
        translation.network.runtime = .qonnx
        return .edge(ONNXEdge(id: try translation.emit(kind, inputs, of: operation), order: edge.order))
    }

    /// `XnorPopcountMatMul`; constant bits are stored as bits.
    private static let popcountProduct = ONNXRule("XnorPopcountMatMul", domain: "qonnx", operands: 2...2) {
        translation, operation in
        let rows = try translation.storedAsInFile(translation.operand(0, of: operation))
        var matrix = try translation.storedAsInFile(translation.operand(1, of: operation))
        if let constant = translation.network[matrix].constant, constant.floats.allSatisfy({ $0 == 0 || $0 == 1 }) {
            let value = Value(
                name: translation.valueName("\(translation.network[matrix].name).bits"),
                constant: Tensor(shape: constant.shape, elements: .uint8(constant.floats.map { UInt8($0) })),
                quantization: Quantization(format: NumberFormat(bits: 1, encoding: .unsigned), scale: 1))
            matrix = translation.network.append(value)
        }
        translation.network.runtime = .qonnx
        let id = try translation.emit(XnorPopcountProduct(), [rows, matrix], of: operation)
        return .edge(ONNXEdge(id: id, order: ONNXOrder.identity(translation.network[id].shape.rank)))
    }

    /// The mode by its name in files; as QONNX reads them, not all of its names for them.
    private static func rounding(of operation: ONNXOperation, default value: String) throws -> RealRounding {
        let mode = try operation.text("rounding_mode", default: value)
        guard let rounding = modes[mode.uppercased()] else { throw Diagnostic("rounding mode '\(mode)' is not known") }
        return rounding
    }

    private static let modes: [String: RealRounding] = [
        "ROUND": .halfToEven, "HALF_EVEN": .halfToEven, "CEIL": .ceiling, "FLOOR": .floor, "UP": .awayFromZero,
        "DOWN": .towardZero, "HALF_UP": .halfAwayFromZero, "HALF_DOWN": .halfTowardZero,
    ]
}

extension NumberFormat {
    /// The format of `bits`, or nil where there is none.
    fileprivate init?(checking bits: Int, _ encoding: Encoding) {
        guard NumberFormat.isValid(bits: bits, encoding: encoding), bits <= 16 else { return nil }
        self.init(bits: bits, encoding: encoding)
    }
}
