/// A decimal number as written: digits and a power of ten, without binary rounding.
struct DecimalNumber {
    /// Significant digits as an integer.
    var digits: UInt128
    /// Power of ten of the last digit.
    var exponent: Int
    /// Characters read.
    var length: Int

    /// Reads the number that a text starts with, such as `3.2` or `1e-3`; nil when there is none or it is too long.
    init?(prefixOf text: some StringProtocol) {
        digits = 0
        exponent = 0
        length = 0
        var significant = 0
        var sawDigit = false
        var sawPoint = false
        for character in text {
            if let digit = character.wholeNumberValue, character.isASCII {
                sawDigit = true
                if digits > 0 || digit > 0 { significant += 1 }
                guard significant <= 20 else { return nil }
                digits = digits * 10 + UInt128(digit)
                if sawPoint { exponent -= 1 }
                guard exponent > -40 else { return nil }
            } else if character == "." && !sawPoint {
                sawPoint = true
            } else {
                break
            }
            length += 1
        }
        guard sawDigit else { return nil }
        readExponent(text.dropFirst(length))
    }

    private mutating func readExponent(_ text: some StringProtocol) {
        guard let first = text.first, first == "e" || first == "E" else { return }
        let signed = text.dropFirst()
        let negative = signed.first == "-"
        let rest = signed.first == "-" || signed.first == "+" ? signed.dropFirst() : signed
        let number = rest.prefix { $0.isASCII && $0.isNumber }
        guard let power = Int(number), power <= 30 else { return }
        exponent += negative ? -power : power
        length += 1 + (signed.count - rest.count) + number.count
    }

    /// The number times a fraction, rounded half up to a whole number; nil when it leaves 0...Int.max.
    func scaled(numerator: UInt128, denominator: UInt128) -> (value: Int, isExact: Bool)? {
        var top = digits
        var bottom = denominator
        for _ in 0..<max(0, exponent) {
            let product = top.multipliedReportingOverflow(by: 10)
            guard !product.overflow else { return nil }
            top = product.partialValue
        }
        let product = top.multipliedReportingOverflow(by: numerator)
        guard !product.overflow else { return nil }
        for _ in 0..<max(0, -exponent) {
            let wider = bottom.multipliedReportingOverflow(by: 10)
            guard !wider.overflow else { return nil }
            bottom = wider.partialValue
        }
        let (quotient, remainder) = product.partialValue.quotientAndRemainder(dividingBy: bottom)
        let rounded = quotient + (remainder >= bottom - remainder ? 1 : 0)
        guard let value = Int(exactly: rounded) else { return nil }
        return (value, remainder == 0)
    }
}
