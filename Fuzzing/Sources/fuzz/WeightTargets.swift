import Compression
import FixedPoint
import Foundation
import Networks
import Quantities
import Tensors
import Workloads

/// Encoded weights of one constant: four bytes choose the encoding, two its bits to spare, the rest are the bits.
struct EncodedWeightsTarget: FuzzTarget {
    let name = "weights"

    private static let shape: Shape = [6, 3, 3, 4]
    private static let layouts: [WeightEncoding.Layout] =
        [.dense, .bitmap] + WeightEncoding.indexWidths.map { .relativeIndex(indexBits: $0) }
        + [.neighbours(kept: 2, size: 4), .neighbours(kept: 3, size: 11)]

    func seeds() -> [Data] {
        let values = (0..<Self.shape.elementCount).map { $0 % 5 == 0 ? Float($0 % 7) : 0 }
        guard let symbols = WeightSymbols(Tensor(Self.shape, values), quantization: nil) else { return [] }
        return [[0, 0, 2, 0], [1, 1, 1, 0], [5, 0, 2, 2], [4, 2, 0, 1], [18, 3, 0, 0]].map { (choice: [UInt8]) in
            let encoding = Self.encoding(choice)
            let groups = WeightGroups(
                shape: Self.shape, computeClass: .convolution, granularity: encoding.granularity)
            let encoded = encoding.encode(symbols, groups: groups)
            return Data(choice + [UInt8(encoded.bytes.count * 8 - encoded.size.count)] + encoded.bytes)
        }
    }

    func read(_ bytes: Data) throws {
        let bytes = [UInt8](bytes)
        guard bytes.count >= 5 else { return }
        let encoding = Self.encoding(Array(bytes[..<4]))
        let groups = WeightGroups(
            shape: Self.shape, computeClass: .convolution, granularity: encoding.granularity)
        let encoded = EncodedWeights(
            encoding: encoding, bytes: Array(bytes[5...]), size: Bits((bytes.count - 5) * 8 - Int(bytes[4]) % 8))
        let patterns = try encoded.decode(width: 32, groups: groups)
        precondition(patterns.count == Self.shape.elementCount, "weights of another number")
    }

    private static func encoding(_ choice: [UInt8]) -> WeightEncoding {
        WeightEncoding(
            layouts[Int(choice[0]) % layouts.count],
            granularity: Granularity.allCases[Int(choice[1]) % Granularity.allCases.count],
            elements: SymbolCoding.allCases[Int(choice[2]) % SymbolCoding.allCases.count],
            indices: SymbolCoding.allCases[Int(choice[3]) % SymbolCoding.allCases.count])
    }
}

/// A part of a composition: bytes for the coding, the width and, in two, the number of patterns, the rest are the bits.
struct StoredPartTarget: FuzzTarget {
    let name = "parts"

    func seeds() -> [Data] {
        let patterns = (0..<60).map { UInt32($0 % 7 * ($0 % 3)) }
        return SymbolCoding.allCases.enumerated().map { place, coding in
            let part = StoredPart("part", patterns: patterns, width: 4, coding: coding)
            return Data([UInt8(place), 4, UInt8(patterns.count), 0] + part.bytes)
        }
    }

    func read(_ bytes: Data) throws {
        let bytes = [UInt8](bytes)
        guard bytes.count >= 4 else { return }
        let (coding, count) = (
            SymbolCoding.allCases[Int(bytes[0]) % SymbolCoding.allCases.count], Int(bytes[2]) | Int(bytes[3]) << 8
        )
        let part = try StoredPart(
            "part", bytes: Array(bytes[4...]), count: count, width: Int(bytes[1]), coding: coding,
            mostOfNoBits: 1 << 16)
        let copy = try StoredPart(
            "part", bytes: part.bytes, count: count, width: part.width, coding: coding, mostOfNoBits: 1 << 16)
        precondition(copy == part && part.patterns.count == count, "a part that is not read again")
    }
}

/// A file of the constants of a network of reals and integers.
struct CodedWeightsTarget: FuzzTarget {
    let name = "codedweights"

    func seeds() throws -> [Data] {
        var compressed = CompressedNetwork(Self.network)
        let plain = try CodedWeightsFile(compressed).bytes
        for value in compressed.network.values {
            compressed.encodings[value.name] = WeightEncoding(
                .relativeIndex(indexBits: 2), elements: .huffman, indices: .huffman)
        }
        return [plain, try CodedWeightsFile(compressed).bytes]
    }

    func read(_ bytes: Data) throws {
        _ = try CodedWeightsFile(bytes: bytes).constants(of: Self.network)
    }

    private static var network: Network {
        var network = Network(name: "fuzzed")
        let reals = (0..<20).map { $0 % 3 == 0 ? Float($0 % 4) : 0 }
        _ = network.append(Value(name: "r", constant: Tensor([4, 5], reals)))
        let grid = Quantization(format: .int8, scale: 0.5)
        let integers = Tensor(shape: [3, 2, 2, 3], elements: .int8((0..<36).map { Int8($0 % 5 == 0 ? $0 : 0) }))
        _ = network.append(Value(name: "i", constant: integers, quantization: grid))
        return network
    }
}
