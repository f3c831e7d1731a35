/// A memory in programmable logic, and the blocks or lookup tables that hold it.
///
/// Block memories of 18 Kbit take one of the shapes of AMD UG473, table 1-7 (simple dual port): 36 x 512, 18 x 1,024,
/// 9 x 2,048, 4 x 4,096, 2 x 8,192 or 1 x 16,384. A lookup table holds 64 bits of one column (UG474).
struct LogicMemory: Sendable {
    /// Bits read together.
    var width: Int
    var depth: Int

    /// Memories of at most this many bits lie in lookup tables: Vivado HLS's rule for arrays.
    static let distributedLimit = 1_024

    var isDistributed: Bool { width * depth <= Self.distributedLimit }

    var lookupTables: Int { width * ((depth + 63) / 64) }

    /// Block memories of 18 Kbit in the shape that takes fewest.
    var blocks: Int {
        guard width > 0, depth > 0 else { return 0 }
        var least = Int.max
        var shape = (width: 36, depth: 512)
        while true {
            let count = ((width + shape.width - 1) / shape.width) * ((depth + shape.depth - 1) / shape.depth)
            least = min(least, count)
            if shape.width == 1 { return least }
            // 36, 18, 9, then 4, 2 and 1 without the parity bits.
            shape = (shape.width / 2, shape.depth * 2)
        }
    }
}
