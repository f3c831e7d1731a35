import FixedPoint
import Testing

@Suite struct AccumulatorTests {
    @Test func narrowRegistersWrapAndSaturate() {
        let (wrapping, saturating) = (
            Accumulator(bits: 8, overflow: .wrap), Accumulator(bits: 8, overflow: .saturate)
        )
        #expect(wrapping.range == -128...127)
        for sum in -128...127 {
            for term in -300...300 {
                let exact = sum + term
                let modulo = ((exact + 128) % 256 + 256) % 256 - 128
                #expect(wrapping.adding(term, to: sum) == modulo)
                #expect(saturating.adding(term, to: sum) == min(max(exact, -128), 127))
            }
        }
    }

    @Test func theWidestRegisterIsExactAtItsEnds() {
        let saturating = Accumulator(bits: 64, overflow: .saturate)
        #expect(saturating.adding(1, to: .max) == .max)
        #expect(saturating.adding(-1, to: .min) == .min)
        #expect(Accumulator(bits: 64, overflow: .wrap).adding(1, to: .max) == .min)
    }
}
