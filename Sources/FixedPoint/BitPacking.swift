extension NumberFormat {
    /// Bytes that hold `count` elements packed without gaps.
    public func packedByteCount(_ count: Int) -> Int {
        (count * bits + 7) / 8
    }

    /// The elements one behind the other, lowest bit first, the last byte filled with zeros.
    ///
    /// Signed elements are two's complement of the format's width; of the bipolar format +1 is 1 and -1 is 0.
    /// - Precondition: the format contains every element.
    public func packed(_ elements: [Int]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: packedByteCount(elements.count))
        for (index, element) in elements.enumerated() {
            precondition(contains(element), "\(element) is not an element of the format")
            let code = encoding == .bipolar ? (element + 1) / 2 : element
            for bit in 0..<bits where (code >> bit) & 1 == 1 {
                let place = index * bits + bit
                bytes[place / 8] |= 1 << UInt8(place % 8)
            }
        }
        return bytes
    }

    /// The first `count` elements of packed bytes, or nil when there are too few bytes.
    public func unpacked(_ bytes: [UInt8], count: Int) -> [Int]? {
        guard count >= 0, bytes.count >= packedByteCount(count) else { return nil }
        return (0..<count).map { index in
            var code = 0
            for bit in 0..<bits {
                let place = index * bits + bit
                code |= Int((bytes[place / 8] >> UInt8(place % 8)) & 1) << bit
            }
            switch encoding {
            case .unsigned: return code
            case .bipolar: return code * 2 - 1
            case .twosComplement, .symmetric, .ternary: return (code << (64 - bits)) >> (64 - bits)
            }
        }
    }
}
