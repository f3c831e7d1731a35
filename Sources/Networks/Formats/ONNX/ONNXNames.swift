/// Names that are taken, and where to look for the next free one.
struct ONNXNames {
    private var taken: Set<String> = []
    /// The last number that was tried behind a stem.
    private var numbers: [String: Int] = [:]

    /// A name made from `stem` that was free until now.
    mutating func reserve(_ stem: String) -> String {
        if taken.insert(stem).inserted { return stem }
        var number = numbers[stem] ?? 0
        repeat { number += 1 } while !taken.insert("\(stem).\(number)").inserted
        numbers[stem] = number
        return "\(stem).\(number)"
    }
}
