extension Accumulator {
    /// The smallest and the largest sum that the register holds.
    public var range: ClosedRange<Int> {
        Int.min >> (64 - bits)...Int.max >> (64 - bits)
    }

    /// What the register holds after `value` is loaded into it.
    @inlinable
    public func loading(_ value: Int) -> Int {
        switch overflow {
        case .wrap, .proved: (value << (64 - bits)) >> (64 - bits)
        case .saturate: Swift.min(Swift.max(value, Int.min >> (64 - bits)), Int.max >> (64 - bits))
        }
    }

    /// What the register holds after `term` is added to the `sum` that it held.
    @inlinable
    public func adding(_ term: Int, to sum: Int) -> Int {
        switch overflow {
        case .wrap, .proved: return loading(sum &+ term)
        case .saturate:
            let (total, overflow) = sum.addingReportingOverflow(term)
            return loading(overflow ? (term < 0 ? .min : .max) : total)
        }
    }
}
