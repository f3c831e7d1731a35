import CGMP

/// An integer of any size, with exact arithmetic by GMP.
///
/// A value type: the digits are held in immutable storage that copies share.
///
///     let space = BigInteger(150).raised(to: 54)
///     print(space % BigInteger(7))
public struct BigInteger: Sendable {
    /// The digits; never changed once a value holds them.
    let storage: Storage

    /// Owner of one GMP integer, freed with its last holder.
    final class Storage: @unchecked Sendable {
        var number = __mpz_struct()

        init() {
            __gmpz_init(&number)
        }

        deinit {
            __gmpz_clear(&number)
        }
    }

    init(storage: Storage) {
        self.storage = storage
    }

    /// The integer zero.
    public static let zero = BigInteger(0)

    /// The integer one.
    public static let one = BigInteger(1)

    /// Makes the same value as a fixed-width or other binary integer.
    public init(_ value: some BinaryInteger) {
        let storage = Storage()
        if let small = Int(exactly: value) {
            __gmpz_set_si(&storage.number, small)
        } else {
            let words = Array(value.magnitude.words)
            __gmpz_import(&storage.number, words.count, -1, MemoryLayout<UInt>.size, 0, 0, words)
            if value < 0 {
                let negated = Storage()
                __gmpz_neg(&negated.number, &storage.number)
                self.storage = negated
                return
            }
        }
        self.storage = storage
    }

    /// Reads digits in a radix from 2 to 36 with an optional sign; nil when the text is anything else.
    public init?(_ text: some StringProtocol, radix: Int) {
        precondition((2...36).contains(radix), "a radix is from 2 to 36")
        var digits = text[...]
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" {
            digits = digits.dropFirst()
        }
        let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (BigInteger.digitValue($0) ?? radix) < radix }
        guard isNumber else { return nil }
        let storage = Storage()
        guard __gmpz_set_str(&storage.number, (isNegative ? "-" : "") + digits, Int32(radix)) == 0 else { return nil }
        self.storage = storage
    }

    private static func digitValue(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x5A: Int(byte) - 0x41 + 10
        case 0x61...0x7A: Int(byte) - 0x61 + 10
        default: nil
        }
    }

    /// The sign: -1, 0 or 1.
    public var signum: Int {
        BigInteger.sign(__gmpz_cmp_si(&storage.number, 0))
    }

    /// Whether the value is zero.
    public var isZero: Bool { signum == 0 }

    /// Bits of the absolute value without leading zeros; 0 for zero.
    public var bitLength: Int {
        isZero ? 0 : __gmpz_sizeinbase(&storage.number, 2)
    }

    /// The absolute value.
    public var magnitude: BigInteger {
        let result = Storage()
        __gmpz_abs(&result.number, &storage.number)
        return BigInteger(storage: result)
    }

    /// The nearest floating-point value, rounded towards zero; infinite when out of range.
    public var double: Double {
        let bits = __gmpz_sizeinbase(&storage.number, 2)
        return bits > 1024 ? Double(signum) * .infinity : __gmpz_get_d(&storage.number)
    }

    /// The value as a 64-bit integer, or nil when it does not fit.
    public func int64() -> Int64? {
        __gmpz_fits_slong_p(&storage.number) != 0 ? Int64(__gmpz_get_si(&storage.number)) : nil
    }

    static func sign(_ comparison: Int32) -> Int {
        comparison < 0 ? -1 : (comparison > 0 ? 1 : 0)
    }
}
