import Diagnostics
import Foundation
import Tensors

/// A composition in `network.json`; the bits of its parts lie beside the constants, as bytes called `<constant>#<part>`.
struct CompositionDocument: Codable {
    struct Part: Codable {
        var name: String
        var count: Int
        var width: Int
        /// Nil stands for plain: files of before have no such key.
        var coding: SymbolCoding?

        init(_ part: StoredPart) {
            (name, count, width) = (part.name, part.patterns.count, part.width)
            coding = part.coding == .plain ? nil : part.coding
        }

        /// - Throws: `Diagnostic` when the bytes are not those of such a part.
        func part(bytes: [UInt8]) throws -> StoredPart {
            try StoredPart(name, bytes: bytes, count: count, width: width, coding: coding ?? .plain)
        }
    }

    var rule: CompositionRule
    var parts: [Part]

    init(_ composition: WeightComposition) {
        rule = composition.rule
        parts = composition.parts.map(Part.init)
    }

    private static let mostParts = 16

    /// The name of a part's bytes among the tensors of the file.
    static func tensorName(constant: String, part: String) -> String { "\(constant)#\(part)" }

    /// The bytes of the parts by the names under which they are stored.
    static func tensors(of compositions: [String: WeightComposition]) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (constant, composition) in compositions {
            for part in composition.parts {
                let bytes = part.bytes
                tensors[tensorName(constant: constant, part: part.name)] = Tensor(
                    shape: [bytes.count], elements: .uint8(bytes))
            }
        }
        return tensors
    }

    /// The composition of the constant called `name`, its parts taken from `tensors`.
    ///
    /// - Throws: `Diagnostic` for parts that are missing or do not suit their bytes.
    func composition(of name: String, takingFrom tensors: inout [String: Tensor]) throws -> WeightComposition {
        guard parts.count <= Self.mostParts else {
            throw Diagnostic("'\(name)' has \(parts.count) parts, more than any rule composes")
        }
        var composition = WeightComposition(rule, parts: [])
        for part in parts {
            let stored = tensors.removeValue(forKey: Self.tensorName(constant: name, part: part.name))
            guard case .uint8(let bytes)? = stored?.elements else {
                throw Diagnostic("the bytes of the part '\(part.name)' of '\(name)' are missing")
            }
            composition.parts.append(try part.part(bytes: bytes))
        }
        return composition
    }
}
