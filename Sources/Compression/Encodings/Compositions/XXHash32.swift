/// The 32-bit hash xxHash (Collet: xxHash specification, version 0.1.1) of one word of four bytes.
///
/// A fast hash for spreading keys, no protection against anybody.
package struct XXHash32: Sendable, Hashable {
    package let seed: UInt32

    package init(seed: UInt32) {
        self.seed = seed
    }

    /// The hash of the little-endian bytes of `word`.
    package func callAsFunction(_ word: UInt32) -> UInt32 {
        var hash = seed &+ 374_761_393 &+ 4
        hash = hash &+ word &* 3_266_489_917
        hash = (hash << 17 | hash >> 15) &* 668_265_263
        hash = (hash ^ hash >> 15) &* 2_246_822_519
        hash = (hash ^ hash >> 13) &* 3_266_489_917
        return hash ^ hash >> 16
    }
}
