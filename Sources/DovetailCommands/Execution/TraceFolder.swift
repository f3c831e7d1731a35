import Execution
import Foundation
import Networks
import Tensors

/// A folder with the records of every value of a network, one file a value, and a list of them in `trace.json`.
final class TraceFolder {
    /// One value in `trace.json`.
    private struct Entry: Encodable {
        var name: String
        var file: String
        var shape: Shape
        var elementType: ElementType
        var quantization: Quantization?
    }

    private struct Contents: Encodable {
        var schemaVersion = 1
        var network: String
        var values: [Entry]
    }

    private static let list = "trace.json"
    private let place: OutputPlace
    private let contents: Contents

    /// - Throws: `CommandFailure.wrongUsage` when the folder cannot be written.
    init(_ path: String, network: Network) throws {
        place = try OutputPlace(path, .folder, replacingFolderWith: Self.list)
        let written = Set(network.inputs).union(network.producers.keys)
        let values = network.values.indices.filter { written.contains(ValueID($0)) }.map { network.values[$0] }
        let entries = values.enumerated().map { index, value in
            Entry(
                name: value.name, file: Self.fileName(index, value.name), shape: value.shape,
                elementType: value.elementType, quantization: value.quantization)
        }
        contents = Contents(network: network.name, values: entries)
        for entry in entries { try place.write(Data(), as: entry.file) }
    }

    /// Adds the values of one case.
    func append(_ trace: Trace) throws {
        for entry in contents.values {
            guard let tensor = trace[entry.name] else { continue }
            let handle = try place.open(entry.file)
            try place.append(tensor.littleEndianBytes, to: handle)
            try place.close(handle)
        }
    }

    /// Writes the list and moves the folder to its place.
    func commit() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try place.write(try encoder.encode(contents), as: Self.list)
        try place.commit()
    }

    /// A file name that every file system takes: the value's place and the plain characters of its name.
    private static func fileName(_ index: Int, _ name: String) -> String {
        let plain = name.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains(scalar))
                ? Character(scalar) : "_"
        }
        let number = String(index)
        return String(repeating: "0", count: max(0, 4 - number.count)) + number + "-" + String(plain.suffix(80))
            + ".bin"
    }
}
