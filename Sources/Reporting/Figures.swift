import Foundation

/// Numbers as tables show them; the same in every locale.
public enum Figures {
    /// With a comma at every third digit: `12,345,678`.
    public static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }

    /// A share of one as a percentage with the given number of decimals: `12.3 %`.
    public static func percentage(_ share: Double, decimals: Int = 1) -> String {
        "\(decimal(share * 100, decimals: decimals)) %"
    }

    /// The shortest form: `8`, `0.5`, `99.99`.
    public static func plain(_ value: Double) -> String {
        Int(exactly: value).map { abs($0) < 1_000_000_000 ? String($0) : "\(value)" } ?? "\(value)"
    }

    /// With a fixed number of decimals; `-` for what is no number.
    public static func decimal(_ value: Double, decimals: Int) -> String {
        value.isFinite ? String(format: "%.\(decimals)f", value) : "-"
    }

    /// With the given number of significant digits, no exponent between 0.001 and 999,999.
    public static func significant(_ value: Double, digits: Int = 3) -> String {
        value.isFinite ? String(format: "%.\(digits)g", value) : "-"
    }

    /// A time: below 1,000 seconds with a decimal prefix, else in whole seconds: `3.21 ms`, `1,029 s`.
    public static func duration(_ seconds: Double) -> String {
        guard seconds >= 999.5, let whole = Int(exactly: seconds.rounded()) else { return scaled(seconds, unit: "s") }
        return "\(grouped(whole)) s"
    }

    /// A quantity with a decimal prefix: `3.21 ms`, `14.5 uJ`, `880 MMAC/s`.
    public static func scaled(_ value: Double, unit: String) -> String {
        guard value.isFinite else { return "-" }
        guard value != 0 else { return "0 \(unit)" }
        let prefixes = [
            (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "u"), (1e-9, "n"),
        ]
        for (factor, prefix) in prefixes where abs(value) >= factor * 0.9995 {
            return "\(threeDigits(value / factor)) \(prefix)\(unit)"
        }
        return "\(threeDigits(value / 1e-12)) p\(unit)"
    }

    /// Three significant digits of a number below 1,000, without an exponent.
    private static func threeDigits(_ value: Double) -> String {
        let size = abs(value)
        return decimal(value, decimals: size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2)
    }
}
