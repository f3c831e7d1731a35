import Foundation

/// Reads a file of coded weights by its description alone; shares no code with the product.
struct PencilDecoder {
    private let bytes: [UInt8]
    private var bit = 0

    init(_ data: Data) {
        bytes = Array(data)
    }

    /// The real constants of the file by name, each with the number of its bits.
    mutating func constants() -> [String: (elements: [Float], bits: Int)] {
        precondition(bytes.prefix(4) == [0x44, 0x56, 0x43, 0x57])
        bit = 64
        let count = take(32)
        let places = (0..<count).map { _ in take(64) }
        var constants: [String: (elements: [Float], bits: Int)] = [:]
        for place in places {
            bit = place * 8
            let letters = take(16)
            let name = String(decoding: (0..<letters).map { _ in UInt8(take(8)) }, as: UTF8.self)
            let fields = (0..<9).map { _ in take(8) }
            let shape = (0..<fields[8]).map { _ in take(32) }
            let size = take(64)
            let start = bit
            precondition(fields[0] == 0 && fields[4] == 0 && fields[7] == 32, "only reals in single elements")
            let patterns = elements(
                count: shape.reduce(1, *), layout: fields[2], indexBits: fields[3], coded: fields[5], indices: fields[6]
            )
            precondition(bit - start == size)
            constants[name] = (patterns.map { Float(bitPattern: UInt32($0)) }, size)
        }
        return constants
    }

    private mutating func take(_ count: Int) -> Int {
        var number = 0
        for place in 0..<count {
            number |= Int(bytes[bit >> 3] >> UInt8(bit & 7) & 1) << place
            bit += 1
        }
        return number
    }

    private mutating func elements(count: Int, layout: Int, indexBits: Int, coded: Int, indices: Int) -> [Int] {
        var elements = [Int](repeating: 0, count: count)
        switch layout {
        case 0:
            let words = table(width: 32, coding: coded)
            for place in 0..<count { elements[place] = symbol(words, width: 32) }
        case 1:
            let kept = (0..<count).filter { _ in take(1) == 1 }
            guard !kept.isEmpty else { break }
            let words = table(width: 32, coding: coded)
            for place in kept { elements[place] = symbol(words, width: 32) }
        default:
            precondition(coded + indices > 0, "entries are counted when a stream is coded")
            let entries = take(32)
            guard entries > 0 else { break }
            let gaps = table(width: indexBits, coding: indices)
            let words = table(width: 32, coding: coded)
            var place = 0
            for _ in 0..<entries {
                place += symbol(gaps, width: indexBits)
                elements[place] = symbol(words, width: 32)
                place += 1
            }
        }
        return elements
    }

    private struct Word: Hashable {
        var length: Int
        var bits: Int
    }

    /// Symbols by word; nil for plain ones.
    private mutating func table(width: Int, coding: Int) -> (symbols: [Word: Int], isHuffman: Bool)? {
        guard coding > 0 else { return nil }
        let count = take(width) + 1
        let values = (0..<count).map { _ in take(width) }
        func bits(for largest: Int) -> Int { largest == 0 ? 0 : Int(log2(Double(largest))) + 1 }
        guard coding == 2 else {
            let length = bits(for: count - 1)
            let places = values.enumerated().map { (Word(length: length, bits: $0.offset), $0.element) }
            return (Dictionary(uniqueKeysWithValues: places), false)
        }
        let longest = take(6)
        let lengths = (0..<count).map { _ in take(bits(for: longest)) }
        var (words, next): ([Word: Int], Int) = ([:], 0)
        for length in 0...longest {
            next *= 2
            for (place, value) in values.enumerated() where lengths[place] == length {
                words[Word(length: length, bits: next)] = value
                next += 1
            }
        }
        return (words, true)
    }

    private mutating func symbol(_ table: (symbols: [Word: Int], isHuffman: Bool)?, width: Int) -> Int {
        guard let table else { return take(width) }
        if !table.isHuffman, let length = table.symbols.keys.first?.length {
            return table.symbols[Word(length: length, bits: take(length))] ?? -1
        }
        var word = Word(length: 0, bits: 0)
        while true {
            if let symbol = table.symbols[word] { return symbol }
            word = Word(length: word.length + 1, bits: word.bits * 2 + take(1))
        }
    }
}
