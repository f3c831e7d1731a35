import CNettle

/// The SHA-256 digest of some bytes (FIPS 180-4), by which files and results are named.
public struct Digest: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The 32 bytes of the digest.
    public let bytes: [UInt8]

    /// The digest of `content`.
    public init<Content: Sequence>(of content: Content) where Content.Element == UInt8 {
        var hasher = Hasher()
        hasher.update(content)
        self = hasher.digest()
    }

    fileprivate init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `sha256:` and 64 hexadecimal digits.
    public var description: String {
        Digest.prefix + bytes.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }

    /// Reads what `description` writes; nil for any other text.
    public init?(_ text: String) {
        guard text.hasPrefix(Digest.prefix) else { return nil }
        let digits = Array(text.dropFirst(Digest.prefix.count).utf8)
        let isHexadecimal = digits.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
        guard digits.count == 64, isHexadecimal else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a SHA-256 digest: \(text)")
        }
        self = digest
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private static let prefix = "sha256:"
}

extension Digest {
    /// Takes bytes piece by piece.
    public struct Hasher {
        private var state = sha256_ctx()

        public init() {
            nettle_sha256_init(&state)
        }

        public mutating func update<Content: Sequence>(_ content: Content) where Content.Element == UInt8 {
            let contiguous: Void? = content.withContiguousStorageIfAvailable { bytes in
                nettle_sha256_update(&state, bytes.count, bytes.baseAddress)
            }
            if contiguous == nil {
                let copy = Array(content)
                nettle_sha256_update(&state, copy.count, copy)
            }
        }

        /// The digest of all that was taken.
        public consuming func digest() -> Digest {
            var bytes = [UInt8](repeating: 0, count: 32)
            nettle_sha256_digest(&state, bytes.count, &bytes)
            return Digest(bytes: bytes)
        }
    }
}
