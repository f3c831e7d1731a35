extension ArenaPlan {
    /// A way in which a plan breaks its problem.
    public enum Fault: Sendable, Hashable {
        /// The plan does not list the problem's buffers, each once and in order.
        case otherBuffers
        /// An offset is negative or not a multiple of the alignment.
        case misplaced(String)
        /// The buffer ends behind the end of the arena.
        case outside(String)
        /// Two buffers that are needed at the same time share bytes.
        case overlap(String, String)
        /// The declared lower bound is above the size.
        case boundAboveSize
    }

    /// All faults of this plan as an answer to `problem`; empty for a sound one.
    ///
    /// Compares every pair of buffers by the definition and shares no code with the planner.
    public func faults(for problem: ArenaProblem) -> [Fault] {
        guard entries.map(\.buffer) == problem.buffers else { return [.otherBuffers] }
        var faults: [Fault] = lowerBound > size ? [.boundAboveSize] : []
        for (index, entry) in entries.enumerated() {
            let name = entry.buffer.name
            if entry.offset < 0 || entry.offset % problem.alignment != 0 { faults.append(.misplaced(name)) }
            if entry.offset + entry.buffer.size > size { faults.append(.outside(name)) }
            for other in entries[..<index] where entry.sharesBytes(with: other) {
                faults.append(.overlap(other.buffer.name, name))
            }
        }
        return faults
    }
}

extension ArenaPlan.Entry {
    fileprivate func sharesBytes(with other: ArenaPlan.Entry) -> Bool {
        let together = max(buffer.firstLayer, other.buffer.firstLayer) <= min(buffer.lastLayer, other.buffer.lastLayer)
        let lowest = max(offset, other.offset)
        let end = min(offset + buffer.size, other.offset + other.buffer.size)
        return together && lowest < end
    }
}
