import Diagnostics
import Networks

/// One file format of inputs, of labels or of both.
protocol DatasetFormat: Sendable {
    /// The format's name in messages.
    static var name: String { get }

    /// Whether a file of inputs may hold their labels as well.
    static var carriesLabels: Bool { get }

    /// Whether the file is of this format, for inputs of that network.
    func recognizes(_ file: DataFile, for network: Network) -> Bool

    /// The cases that the file holds.
    func cases(_ file: DataFile, for network: Network, normalization: Normalization) throws -> any Dataset

    /// The labels that the file holds; nil when files of this format hold none.
    func labels(_ file: DataFile, for network: Network) throws -> [Int]?
}

extension NumberArray {
    /// The records as labels.
    ///
    /// - Throws: `Diagnostics` with every record (up to 20) that is no whole number of a class.
    func labels(classes: Int?) throws -> [Int] {
        guard elementsPerRecord == 1 else {
            throw file.fault("labels are one number each, these are \(recordShape)", at: start)
        }
        var faults: [(Int, Double)] = []
        var labels: [Int] = []
        labels.reserveCapacity(count)
        for index in 0..<count {
            let number = record(index)[0]
            if let label = Int(exactly: number), label >= 0, label < classes ?? Int.max {
                labels.append(label)
            } else {
                if faults.count < 20 { faults.append((index, number)) }
                labels.append(0)
            }
        }
        let range = classes.map { "0 to \($0 - 1)" } ?? "0 or above"
        let findings = faults.flatMap { index, number in
            file.fault("label \(number) of case \(index) is not a class of \(range)", at: start + index * stride)
                .findings
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return labels
    }
}
