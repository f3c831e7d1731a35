/// The best feasible choices found so far, in order of damage and then of the choice itself.
struct Incumbents {
    struct Entry {
        let columns: [Int]
        let damage: Int128
    }

    let capacity: Int
    private(set) var entries: [Entry] = []

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Damages at or above this cannot enter; nil while there is room.
    var cutoff: Int128? {
        entries.count == capacity ? entries.last?.damage : nil
    }

    /// Whether a choice of this damage could enter.
    func admits(_ damage: Int128) -> Bool {
        cutoff.map { damage < $0 } ?? true
    }

    /// Enters a feasible choice; returns whether it was new and good enough.
    @discardableResult
    mutating func insert(_ columns: [Int], damage: Int128) -> Bool {
        guard admits(damage) else { return false }
        let entry = Entry(columns: columns, damage: damage)
        let index = entries.firstIndex { !precedes($0, entry) } ?? entries.count
        if index < entries.count, entries[index].damage == damage, entries[index].columns == columns { return false }
        entries.insert(entry, at: index)
        if entries.count > capacity { entries.removeLast() }
        return true
    }

    private func precedes(_ left: Entry, _ right: Entry) -> Bool {
        if left.damage != right.damage { return left.damage < right.damage }
        return left.columns.lexicographicallyPrecedes(right.columns)
    }
}
