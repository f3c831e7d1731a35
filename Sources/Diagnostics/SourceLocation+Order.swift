extension SourceLocation: CustomStringConvertible {
    /// The place as tools print it: `file:line:column`, `file: byte 0x1f`, `file: part`.
    public var description: String {
        switch position {
        case .text(let line, let column): "\(file):\(line):\(column)"
        case .byte(let offset): "\(file): byte 0x\(String(offset, radix: 16))"
        case .part(let name): "\(file): \(name)"
        case .whole: file
        }
    }
}

extension SourceLocation: Comparable {
    /// The order of reports: by file, then whole files, text places, bytes and parts.
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        if left.file != right.file { return left.file < right.file }
        return left.position.rank.lexicographicallyPrecedes(right.position.rank)
            || (left.position.rank == right.position.rank && left.position.partName < right.position.partName)
    }
}

extension SourceLocation.Position {
    fileprivate var rank: [Int] {
        switch self {
        case .whole: [0]
        case .text(let line, let column): [1, line, column]
        case .byte(let offset): [2, offset]
        case .part: [3]
        }
    }

    fileprivate var partName: String {
        switch self {
        case .part(let name): name
        case .whole, .text, .byte: ""
        }
    }
}

extension Diagnostics {
    /// The findings in the order of their places, without repetitions; findings without a place come first.
    public func sorted() -> Diagnostics {
        var seen: Set<Diagnostic> = []
        let distinct = findings.filter { seen.insert($0).inserted }
        let ordered = distinct.enumerated().sorted { left, right in
            switch (left.element.location, right.element.location) {
            case (nil, nil): left.offset < right.offset
            case (nil, _): true
            case (_, nil): false
            case (let first?, let second?): first == second ? left.offset < right.offset : first < second
            }
        }
        return Diagnostics(ordered.map(\.element))
    }
}
