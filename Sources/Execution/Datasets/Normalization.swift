import Diagnostics

/// How stored numbers become the network's reals: `(x * scale - mean) / std`, mean and std for each channel.
///
/// Written `scale=1/255 mean=0.485,0.456,0.406 std=0.229,0.224,0.225`: each part may be left out, one number stands for all
/// channels, and numbers may be fractions.
public struct Normalization: Sendable, Hashable {
    public var scale: Double
    /// One number, or one for each channel.
    public var mean: [Double]
    /// One positive number, or one for each channel.
    public var std: [Double]

    public init(scale: Double = 1, mean: [Double] = [0], std: [Double] = [1]) {
        self.scale = scale
        self.mean = mean
        self.std = std
    }

    /// Leaves numbers as they are.
    public static let identity = Normalization()

    /// Reads the written form.
    ///
    /// - Throws: `Diagnostics` with every fault, each with its column; `source` names the text, such as `--normalize`.
    public init(parsing text: String, source: String = "--normalize") throws {
        self.init()
        var findings: [Diagnostic] = []
        var seen = Set<Substring>()
        for part in text.split(whereSeparator: \.isWhitespace) {
            let column = text.distance(from: text.startIndex, to: part.startIndex) + 1
            let place = SourceLocation(file: source, position: .text(line: 1, column: column))
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let numbers = sides.count == 2 ? Normalization.numbers(sides[1]) : nil
            guard let numbers else {
                findings.append(
                    Diagnostic("'\(part)' is not a name, '=' and numbers", at: place, fix: Normalization.form))
                continue
            }
            if !seen.insert(sides[0]).inserted { findings.append(Diagnostic("'\(sides[0])' stands twice", at: place)) }
            if let fault = set(sides[0], numbers) {
                findings.append(Diagnostic(fault, at: place, fix: Normalization.form))
            }
        }
        if mean.count > 1, std.count > 1, mean.count != std.count {
            let place = SourceLocation(file: source, position: .text(line: 1, column: 1))
            findings.append(Diagnostic("\(mean.count) means with \(std.count) standard deviations", at: place))
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }

    private static let form =
        "write for example 'scale=1/255 mean=0.5 std=0.25', numbers of several channels with commas"

    /// Channels for which the parts differ, or nil when all channels are treated alike.
    var channels: Int? {
        let count = max(mean.count, std.count)
        return count > 1 ? count : nil
    }

    private mutating func set(_ name: Substring, _ numbers: [Double]) -> String? {
        switch name {
        case "scale":
            guard numbers.count == 1 else { return "there is one scale, not \(numbers.count)" }
            scale = numbers[0]
        case "mean": mean = numbers
        case "std":
            guard numbers.allSatisfy({ $0 > 0 }) else { return "a standard deviation must be positive" }
            std = numbers
        default: return "'\(name)' is not scale, mean or std"
        }
        return nil
    }

    private static func numbers(_ text: Substring) -> [Double]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part -> Double? in
            let sides = part.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
            guard (1...2).contains(sides.count), let numerator = sides[0] else { return nil }
            guard sides.count == 2 else { return numerator.isFinite ? numerator : nil }
            guard let denominator = sides[1] else { return nil }
            let quotient = numerator / denominator
            return quotient.isFinite ? quotient : nil
        }
        return numbers.count == parts.count ? numbers : nil
    }
}
