import Diagnostics
import FixedPoint
import Foundation
import Networks
import Quantities
package import Tensors
package import Workloads

/// One constant of a `CodedWeightsFile`.
package struct CodedConstant: Sendable, Hashable {
    package var name: String
    package var shape: Shape
    package var elementType: ElementType
    /// The layer's, which says which axes are channels.
    package var computeClass: ComputeClass
    package var width: Int
    package var weights: EncodedWeights

    /// Most elements that a file may hold of one constant.
    private static let largestCount = 1 << 28

    package init(
        name: String, shape: Shape, elementType: ElementType, computeClass: ComputeClass, width: Int,
        weights: EncodedWeights
    ) {
        (self.name, self.shape, self.elementType, self.computeClass) = (name, shape, elementType, computeClass)
        (self.width, self.weights) = (width, weights)
    }

    /// The constant as its encoding lays it out; nil for what is no constant and for 64-bit integers, which are structure.
    init?(_ value: Value, of compressed: CompressedNetwork, computeClass: ComputeClass) {
        guard let constant = value.constant,
            let symbols = WeightSymbols(constant, quantization: value.quantization)
        else { return nil }
        let encoding = compressed.encodings[value.name] ?? .dense
        let groups = WeightGroups(
            shape: value.shape, computeClass: computeClass, granularity: encoding.granularity)
        self.init(
            name: value.name, shape: value.shape, elementType: value.elementType, computeClass: computeClass,
            width: symbols.width, weights: encoding.encode(symbols, groups: groups))
    }

    /// The elements, on the grid of the value to which they belong.
    ///
    /// - Throws: `Diagnostic` for bits that are no such elements.
    func tensor(quantization: Quantization?) throws -> Tensor {
        let groups = WeightGroups(
            shape: shape, computeClass: computeClass, granularity: weights.encoding.granularity)
        let patterns = try weights.decode(width: width, groups: groups)
        guard patterns.count == shape.elementCount else { throw Diagnostic("'\(name)' has groups of uneven size") }
        let format = quantization?.format
        guard width == format?.bits ?? elementType.byteCount * 8 else {
            throw Diagnostic("'\(name)' has elements of \(width) bits")
        }
        guard elementType != .float32 else { return Tensor(shape, patterns.map(Float.init(bitPattern:))) }
        let channels = ChannelIndexing(shape, axis: quantization?.axis)
        let lowest = format?.minimum ?? (elementType == .uint8 ? 0 : -(1 << (width - 1)))
        let integers = patterns.enumerated().map { place, pattern in
            if format?.encoding == .bipolar { return pattern == 1 ? 1 : -1 }
            let zeroPoint = quantization.map { $0.zeroPoints[channels.channel(of: place)] } ?? 0
            return lowest + ((Int(pattern) + zeroPoint - lowest) & ((1 << width) - 1))
        }
        guard let tensor = Tensor(shape, integers: integers, storedAs: elementType) else {
            throw Diagnostic("'\(name)' has elements that do not fit their type")
        }
        return tensor
    }
}

extension CodedConstant {
    private static let elementTypes: [ElementType] = [.float32, .int8, .uint8, .int16, .int32]
    private static let classes: [ComputeClass] = [.dataMovement, .convolution, .depthwise, .fullyConnected]

    /// A layout's number and what distinguishes those of one number.
    private static func fields(of layout: WeightEncoding.Layout) -> (layout: Int, detail: Int) {
        switch layout {
        case .dense: (0, 0)
        case .bitmap: (1, 0)
        case .relativeIndex(let bits): (2, bits)
        case .neighbours(let kept, let size): (3, (kept - 1) << 4 | (size - 1))
        }
    }

    /// The record as it lies in the file.
    ///
    /// - Throws: `Diagnostic` for what the fields of a record cannot hold.
    func bytes() throws -> Data {
        guard name.utf8.count <= UInt16.max else {
            throw Diagnostic(
                "a constant's name of \(name.utf8.count) bytes; a file holds \(UInt16.max): '\(name.prefix(40))...'")
        }
        guard shape.rank <= UInt8.max, shape.elementCount <= Self.largestCount else {
            throw Diagnostic("'\(name)' of \(shape) is too large for a file of coded weights")
        }
        var writer = LittleEndianWriter()
        writer.append(name.utf8.count, bytes: 2)
        writer.bytes += Data(name.utf8)
        let (layout, detail) = Self.fields(of: weights.encoding.layout)
        let fields = [
            Self.elementTypes.firstIndex(of: elementType), Self.classes.firstIndex(of: computeClass) ?? 0, layout,
            detail, Granularity.allCases.firstIndex(of: weights.encoding.granularity),
            SymbolCoding.allCases.firstIndex(of: weights.encoding.elements),
            SymbolCoding.allCases.firstIndex(of: weights.encoding.indices), width, shape.rank,
        ]
        for field in fields { writer.append(field ?? 0, bytes: 1) }
        for extent in shape.extents { writer.append(extent, bytes: 4) }
        writer.append(weights.size.count, bytes: 8)
        return writer.bytes + Data(weights.bytes)
    }

    init(from reader: inout LittleEndianReader) throws {
        func pick<Choice>(_ place: Int, from choices: [Choice]) throws -> Choice {
            guard choices.indices.contains(place) else { throw Diagnostic("an unknown field of \(place)") }
            return choices[place]
        }
        guard let name = String(validating: try reader.take(try reader.integer(2)), as: UTF8.self) else {
            throw Diagnostic("a constant's name that is no UTF-8")
        }
        let elementType = try pick(try reader.integer(1), from: Self.elementTypes)
        let computeClass = try pick(try reader.integer(1), from: Self.classes)
        let layout = try reader.integer(1)
        let detail = try reader.integer(1)
        let layouts: [WeightEncoding.Layout] = [
            .dense, .bitmap, .relativeIndex(indexBits: detail),
            .neighbours(kept: detail >> 4 + 1, size: detail & 15 + 1),
        ]
        let encoding = WeightEncoding(
            try pick(layout, from: layouts),
            granularity: try pick(try reader.integer(1), from: Granularity.allCases),
            elements: try pick(try reader.integer(1), from: SymbolCoding.allCases),
            indices: try pick(try reader.integer(1), from: SymbolCoding.allCases))
        guard Self.fields(of: encoding.layout) == (layout, detail), encoding.layout.fault == nil else {
            throw Diagnostic("'\(name)' has a layout \(layout) of \(detail), as which none is written")
        }
        let (width, rank) = (try reader.integer(1), try reader.integer(1))
        var extents: [Int] = []
        var elements = 1
        for _ in 0..<rank {
            extents.append(try reader.integer(4))
            let (product, overflow) = elements.multipliedReportingOverflow(by: extents.last ?? 1)
            guard !overflow, product <= Self.largestCount else { throw Diagnostic("'\(name)' is too large") }
            elements = product
        }
        let size = try reader.integer(8)
        guard size <= 8 * reader.remaining, (1...32).contains(width) else { throw Diagnostic("'\(name)' ends early") }
        let bytes = [UInt8](try reader.take(Bits(size).bytes.count))
        guard BitReader.spareBitsAreZero(of: bytes, count: size) else {
            throw Diagnostic("the spare bits behind '\(name)' are not 0")
        }
        self.init(
            name: name, shape: Shape(extents), elementType: elementType, computeClass: computeClass, width: width,
            weights: EncodedWeights(encoding: encoding, bytes: bytes, size: Bits(size)))
    }
}
