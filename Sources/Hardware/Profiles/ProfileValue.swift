public import Quantities

/// A value of a profile, read and checked.
public enum ProfileValue: Sendable, Hashable {
    case text(String)
    case flag(Bool)
    case words([String])
    case integer(Int)
    case range(ClosedRange<Int>)
    /// Thousandths of a whole.
    case count(thousandths: Int)
    case cycles(Cycles)
    case cost(CycleCost)
    case bytes(Bytes)
    case bits(Bits)
    case frequency(Frequency)
    case bandwidth(Bandwidth)
    case power(Power)
    case energy(Energy)
    case energyPerBit(EnergyPerBit)
    case voltage(Voltage)
    case current(Current)
    case length(Length)
}

extension ProfileValue: CustomStringConvertible {
    /// The value as a profile writes it.
    public var description: String {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag ? "true" : "false"
        case .words(let words): "[" + words.joined(separator: ", ") + "]"
        case .integer(let number): "\(number)"
        case .range(let range): "\(range.lowerBound)..\(range.upperBound)"
        case .count(let thousandths):
            CycleCost(thousandths: thousandths).description.split(separator: " ").first.map(String.init) ?? ""
        case .cycles(let value): value.description
        case .cost(let value): value.description
        case .bytes(let value): value.description
        case .bits(let value): value.description
        case .frequency(let value): value.description
        case .bandwidth(let value): value.description
        case .power(let value): value.description
        case .energy(let value): value.description
        case .energyPerBit(let value): value.description
        case .voltage(let value): value.description
        case .current(let value): value.description
        case .length(let value): value.description
        }
    }
}
