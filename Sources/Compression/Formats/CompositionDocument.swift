import Diagnostics
import Foundation
import Tensors

/// A composition in `network.json`; the bits of its parts lie beside the constants, as bytes called `<constant>#<part>`.
///
/// No constant is taken for a part: each `#` in a constant's own name is doubled among the tensors of the file, and the name of
/// a part has none.
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
        func part(bytes: [UInt8], mostOfNoBits: Int) throws -> StoredPart {
            try StoredPart(
                name, bytes: bytes, count: count, width: width, coding: coding ?? .plain, mostOfNoBits: mostOfNoBits)
        }
    }

    var rule: CompositionRule
    var parts: [Part]

    init(_ composition: WeightComposition) {
        rule = composition.rule
        parts = composition.parts.map(Part.init)
    }

    private static let mostParts = 16
    /// No rule reads more numbers of no bits for an element of the constant.
    private static let mostOfNoBits = 16

    /// The name of a constant's elements among the tensors of the file.
    static func tensorName(constant: String) -> String { constant.replacingOccurrences(of: "#", with: "##") }

    /// The name of the constant whose elements have this name among the tensors of the file, or nil if there can be none.
    static func constantName(ofTensor tensor: String) -> String? {
        let name = tensor.replacingOccurrences(of: "##", with: "#")
        return tensorName(constant: name) == tensor ? name : nil
    }

    /// The name of a part's bytes among the tensors of the file.
    static func tensorName(constant: String, part: String) -> String { "\(tensorName(constant: constant))#\(part)" }

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
        var left = Self.mostOfNoBits * (tensors[Self.tensorName(constant: name)]?.shape.elementCount ?? 0)
        var composition = WeightComposition(rule, parts: [])
        for part in parts {
            guard !part.name.contains("#") else { throw Diagnostic("a part of '\(name)' is called '\(part.name)'") }
            let stored = tensors.removeValue(forKey: Self.tensorName(constant: name, part: part.name))
            guard case .uint8(let bytes)? = stored?.elements else {
                throw Diagnostic("the bytes of the part '\(part.name)' of '\(name)' are missing")
            }
            composition.parts.append(try part.part(bytes: bytes, mostOfNoBits: left))
            if bytes.count * 8 < part.count { left -= part.count }
        }
        return composition
    }
}
