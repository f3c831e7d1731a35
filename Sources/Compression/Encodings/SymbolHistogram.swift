import Foundation

/// The distinct symbols of a stream, ascending, and how often each occurs.
package struct SymbolHistogram: Sendable, Hashable {
    package private(set) var symbols: [UInt32] = []
    package private(set) var counts: [Int] = []

    package init() {}

    /// Counts patterns in time proportional to their number.
    ///
    /// - Parameter width: no pattern has more bits.
    package init(_ patterns: [UInt32], width: Int) {
        guard width > 16 else {
            var counted = [Int](repeating: 0, count: 1 << width)
            for pattern in patterns { counted[Int(pattern)] += 1 }
            for (symbol, count) in counted.enumerated() where count > 0 { append(UInt32(symbol), count: count) }
            return
        }
        for pattern in SymbolHistogram.sorted(patterns) {
            if symbols.last == pattern { counts[counts.count - 1] += 1 } else { append(pattern, count: 1) }
        }
    }

    /// - Parameter counted: how often each symbol occurs.
    package init(_ counted: [UInt32: Int]) {
        for (symbol, count) in counted.sorted(by: { $0.key < $1.key }) where count > 0 { append(symbol, count: count) }
    }

    /// All symbols together.
    package var total: Int { counts.reduce(0, +) }

    /// The same with `count` occurrences of the symbol 0.
    package func replacingZeros(by count: Int) -> SymbolHistogram {
        var result = SymbolHistogram()
        if count > 0 { result.append(0, count: count) }
        let first = symbols.first == 0 ? 1 : 0
        result.symbols += symbols[first...]
        result.counts += counts[first...]
        return result
    }

    /// Bits below which no code that gives each symbol a word of its own brings the stream.
    package var informationBits: Double {
        let all = Double(total)
        return counts.reduce(0) { $0 + Double($1) * log2(all / Double($1)) }
    }

    private mutating func append(_ symbol: UInt32, count: Int) {
        symbols.append(symbol)
        counts.append(count)
    }

    /// Two passes of 16 bits each, the lower half first.
    private static func sorted(_ patterns: [UInt32]) -> [UInt32] {
        var (source, target) = (patterns, patterns)
        for shift: UInt32 in [0, 16] {
            var places = [Int](repeating: 0, count: 1 << 16 + 1)
            for pattern in source { places[Int(pattern >> shift & 0xffff) + 1] += 1 }
            for bucket in 1..<places.count { places[bucket] += places[bucket - 1] }
            for pattern in source {
                let bucket = Int(pattern >> shift & 0xffff)
                target[places[bucket]] = pattern
                places[bucket] += 1
            }
            swap(&source, &target)
        }
        return source
    }
}
