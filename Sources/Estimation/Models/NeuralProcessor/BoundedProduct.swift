/// A product of counts that stops where an estimate is refused anyway.
func boundedProduct(_ left: Int, _ right: Int) -> Int {
    Int(min(Int128(left) * Int128(right), Int128(CycleBreakdown.limit)))
}
