import Diagnostics
public import Foundation
public import Networks
public import Tensors
import Workloads

/// All constants of a network in one file, each as its encoding lays it out.
///
/// Real signs on a grid of scales are stored as reals, and constants composed of parts by their elements; the parts stand in
/// `.dovetail`. Structure and grids are not in the file: it is read for a network that has them.
///
/// Numbers are little endian. The file begins with `DVCW`, the version and the number of constants in 32 bits each, and a table of
/// the constants' places in 64 bits each. A constant is its name (length in 16 bits, UTF-8), bytes for element type, layer class,
/// layout, index width, granularity, coding of elements, coding of indices, element width and rank, its extents in 32 bits each,
/// the number of its bits in 64, and these bits, filled from the lowest of each byte. Neighbours have the elements kept less 1
/// in the upper and their number less 1 in the lower half of the byte for the index width. With prune, share and Huffman-coded
/// relative indices this is the whole of Deep Compression (Han, Mao, Dally, 2016).
public struct CodedWeightsFile: Sendable, Hashable {
    public static let magic: [UInt8] = Array("DVCW".utf8)
    public static let version = 1

    public let bytes: Data

    public init(bytes: Data) {
        self.bytes = bytes
    }

    /// The file of a compressed network; constants in the order of the network's values.
    ///
    /// - Throws: `Diagnostic` for a constant that no file holds, such as one of a name of more than 65535 bytes.
    public init(_ compressed: CompressedNetwork) throws {
        let classes = compressed.network.weightClasses
        try self.init(
            records: compressed.network.values.compactMap { value in
                CodedConstant(
                    value, of: compressed, computeClass: classes[value.name] ?? .dataMovement)
            })
    }

    package init(records: [CodedConstant]) throws {
        let encoded = try records.map { try $0.bytes() }
        var writer = LittleEndianWriter(bytes: Data(Self.magic))
        writer.append(Self.version, bytes: 4)
        writer.append(encoded.count, bytes: 4)
        var place = 12 + 8 * encoded.count
        for record in encoded {
            writer.append(place, bytes: 8)
            place += record.count
        }
        bytes = encoded.reduce(into: writer.bytes) { $0 += $1 }
    }

    /// The constants in the file, in order; written again they give the same bytes.
    ///
    /// - Throws: `Diagnostic` for a file that is no such file, whatever its bytes.
    package func records() throws -> [CodedConstant] {
        var reader = LittleEndianReader(bytes: bytes)
        guard try reader.take(4) == Data(Self.magic) else { throw Diagnostic("not a file of coded weights") }
        guard try reader.integer(4) == Self.version else { throw Diagnostic("an unknown version of coded weights") }
        let count = try reader.integer(4)
        guard count <= reader.remaining / 8 else { throw Diagnostic("a table of \(count) constants ends early") }
        let places = try (0..<count).map { _ in try reader.integer(8) }
        var names = Set<String>()
        let records = try places.map { place in
            guard place == reader.position else { throw Diagnostic("a constant does not lie where the table says") }
            let record = try CodedConstant(from: &reader)
            guard names.insert(record.name).inserted else {
                throw Diagnostic("two constants are called '\(record.name)'")
            }
            return record
        }
        guard reader.remaining == 0 else { throw Diagnostic("\(reader.remaining) bytes behind the last constant") }
        return records
    }

    /// The constants by name, decoded onto the grids of `network`, whose own constants do not count.
    ///
    /// - Throws: `Diagnostic` for a damaged file and for constants that do not suit the network.
    public func constants(of network: Network) throws -> [String: Tensor] {
        let values = Dictionary(network.values.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return try Dictionary(
            records().map { record in
                guard let value = values[record.name], value.shape == record.shape,
                    value.elementType == record.elementType
                else { throw Diagnostic("the network has no such constant as '\(record.name)'") }
                return (record.name, try record.tensor(quantization: value.quantization))
            }, uniquingKeysWith: { first, _ in first })
    }
}

extension Network {
    /// The class of the layer to which weights belong, by their names.
    var weightClasses: [String: ComputeClass] {
        var classes: [String: ComputeClass] = [:]
        for node in nodes {
            guard let weights = node.weights else { continue }
            classes[self[weights].name] = node.operation.computeClass
        }
        return classes
    }
}

/// Numbers appended, lowest byte first.
struct LittleEndianWriter {
    var bytes = Data()

    mutating func append(_ number: Int, bytes count: Int) {
        for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }
}

/// Numbers read in their order; nothing behind the last byte.
struct LittleEndianReader {
    let bytes: Data
    private(set) var position = 0

    init(bytes: Data) {
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - position }

    mutating func take(_ count: Int) throws -> Data {
        guard count >= 0, count <= remaining else { throw Diagnostic("the coded weights end early") }
        let start = bytes.startIndex + position
        position += count
        return bytes[start..<start + count]
    }

    /// A number that is not negative.
    mutating func integer(_ count: Int) throws -> Int {
        var number = UInt64(0)
        for (place, byte) in try take(count).enumerated() { number |= UInt64(byte) << UInt64(8 * place) }
        guard let integer = Int(exactly: number) else { throw Diagnostic("a number of \(number) in coded weights") }
        return integer
    }
}
