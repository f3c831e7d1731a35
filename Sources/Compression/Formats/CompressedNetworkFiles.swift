import Diagnostics
public import Foundation
import Networks
import Tensors

/// A compressed network as the two files of a `.dovetail` folder.
public struct CompressedNetworkFiles: Sendable, Hashable {
    /// The names of the files in the folder.
    public static let networkName = "network.json"
    public static let tensorsName = "tensors.safetensors"

    /// Structure, arithmetic, encodings and history, as JSON.
    public var network: Data
    /// The elements of all constants.
    public var tensors: Data

    public init(network: Data, tensors: Data) {
        self.network = network
        self.tensors = tensors
    }
}

extension CompressedNetworkFiles {
    /// The form of `network.json`.
    fileprivate struct Document: Codable {
        static let version = 1

        var schemaVersion: Int
        var network: NetworkDocument
        var encodings: [String: WeightEncoding]
        /// Nil stands for none: files of before have no such key.
        var compositions: [String: CompositionDocument]?
        var grids: [String: Quantization]
        var origins: [String: String]
        var history: [AppliedStep]
    }

    /// No document may be longer than this.
    private static let longestDocument = 64 << 20

    /// The files that hold `compressed`; the same bytes for the same compressed network.
    public init(_ compressed: CompressedNetwork) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            schemaVersion: Document.version, network: NetworkDocument(compressed.network),
            encodings: compressed.encodings,
            compositions: compressed.compositions.isEmpty
                ? nil : compressed.compositions.mapValues(CompositionDocument.init), grids: compressed.grids,
            origins: compressed.origins,
            history: compressed.history)
        let constants = compressed.network.values.compactMap { value in
            value.constant.map { (CompositionDocument.tensorName(constant: value.name), $0) }
        }
        network = try encoder.encode(document) + Data("\n".utf8)
        let parts = CompositionDocument.tensors(of: compressed.compositions)
        tensors = try Safetensors.encode(
            Dictionary(constants, uniquingKeysWith: { first, _ in first }).merging(parts) { first, _ in first })
    }

    /// The compressed network that the files hold.
    ///
    /// - Parameter folder: the name of the folder in findings.
    /// - Throws: `Diagnostics` with every fault.
    public func compressedNetwork(folder: String) throws -> CompressedNetwork {
        let file = "\(folder)/\(Self.networkName)"
        guard network.count <= Self.longestDocument else {
            throw Diagnostics([Diagnostic("more than \(Self.longestDocument) bytes", at: SourceLocation(file: file))])
        }
        do {
            let document = try JSONDecoder().decode(Document.self, from: network)
            guard document.schemaVersion == Document.version else {
                let place = SourceLocation(file: file, position: .part("schemaVersion"))
                throw Diagnostic("version \(document.schemaVersion) is not \(Document.version)", at: place)
            }
            var stored = try Safetensors.decode(tensors, name: "\(folder)/\(Self.tensorsName)")
            let compositions = try document.compositions(takingFrom: &stored, file: file)
            let constants = Dictionary(
                stored.compactMap { name, tensor in
                    CompositionDocument.constantName(ofTensor: name).map { ($0, tensor) }
                },
                uniquingKeysWith: { first, _ in first })
            var compressed = CompressedNetwork(try document.network.network(constants: constants, file: file))
            try refuseStrays(stored.keys, of: compressed.network, folder: folder)
            compressed.encodings = document.encodings
            compressed.compositions = compositions
            compressed.grids = document.grids
            compressed.origins = document.origins
            compressed.history = document.history
            if !document.history.isEmpty { compressed.given = nil }
            let faults = compressed.faults(file: file) + compressed.storageFaults(file: file)
            guard faults.isEmpty else { throw Diagnostics(faults) }
            return compressed
        } catch let fault as Diagnostic {
            throw Diagnostics([fault])
        } catch let fault as DecodingError {
            throw Diagnostics([Diagnostic(fault, file: file)])
        }
    }

    /// Tensors of the file that are neither a constant's elements nor a part's bytes.
    private func refuseStrays(_ tensors: some Sequence<String>, of network: Network, folder: String) throws {
        let names = network.values.filter { $0.constant != nil }.map {
            CompositionDocument.tensorName(constant: $0.name)
        }
        let strays = Set(tensors).subtracting(names).sorted()
        guard strays.isEmpty else {
            let file = "\(folder)/\(Self.tensorsName)"
            throw Diagnostics(
                strays.map {
                    Diagnostic("belongs to no constant", at: SourceLocation(file: file, position: .part($0)))
                })
        }
    }
}

extension CompressedNetworkFiles.Document {
    /// The compositions by constant, their parts taken from the tensors of the file.
    ///
    /// - Throws: `Diagnostics` with every constant whose parts are unusable.
    fileprivate func compositions(
        takingFrom tensors: inout [String: Tensor], file: String
    ) throws -> [String: WeightComposition] {
        var (result, faults): ([String: WeightComposition], [Diagnostic]) = ([:], [])
        for (name, stored) in (compositions ?? [:]).sorted(by: { $0.key < $1.key }) {
            do {
                result[name] = try stored.composition(of: name, takingFrom: &tensors)
            } catch let fault as Diagnostic {
                faults.append(Diagnostic(fault.message, at: SourceLocation(file: file, position: .part(name))))
            }
        }
        guard faults.isEmpty else { throw Diagnostics(faults) }
        return result
    }
}
