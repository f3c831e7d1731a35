/// How many instructions of each class a piece of a kernel executes, exact to a thousandth.
public struct InstructionMix: Sendable, Hashable, Codable {
    /// Counts in thousandths of an instruction; a class that is missing counts none.
    public var thousandths: [InstructionClass: Int]

    public init(thousandths: [InstructionClass: Int] = [:]) {
        self.thousandths = thousandths
    }

    public static let none = InstructionMix()

    /// Instructions of one class.
    public subscript(_ instruction: InstructionClass) -> Double {
        Double(thousandths[instruction] ?? 0) / 1000
    }

    /// Classes that are executed at least once.
    public var classes: Set<InstructionClass> {
        Set(thousandths.filter { $0.value > 0 }.keys)
    }
}
