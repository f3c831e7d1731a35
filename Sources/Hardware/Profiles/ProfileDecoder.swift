import Diagnostics
import Quantities

/// Reads typed values from a checked section; what is missing has been reported before.
struct ProfileDecoder {
    /// A required value is missing; the completion pass has reported it.
    struct Missing: Error {}

    let section: ProfileSection

    /// The value of a key, or nil when it is not there.
    private func find<T>(_ key: String, _ pick: (ProfileValue) -> T?) -> T? {
        section.leaf(key).flatMap { pick($0.value) }
    }

    private func need<T>(_ key: String, _ pick: (ProfileValue) -> T?) throws(Missing) -> T {
        guard let value = find(key, pick) else { throw Missing() }
        return value
    }

    func inner(_ key: String) throws(Missing) -> ProfileDecoder {
        guard let section = section.section(key) else { throw Missing() }
        return ProfileDecoder(section: section)
    }

    /// The entries of a table in order; none when it is not there.
    func table(_ key: String) -> [(name: String, decoder: ProfileDecoder)] {
        (section.section(key)?.entries ?? []).compactMap { entry in
            guard case .section(let section) = entry.tree else { return nil }
            return (entry.key, ProfileDecoder(section: section))
        }
    }

    func optionalText(_ key: String) -> String? {
        find(key) { if case .text(let text) = $0 { text } else { nil } }
    }

    func text(_ key: String) throws(Missing) -> String {
        try need(key) { if case .text(let text) = $0 { text } else { nil } }
    }

    func choice<C: RawRepresentable>(_ key: String, as type: C.Type) throws(Missing) -> C where C.RawValue == String {
        try need(key) { if case .text(let text) = $0 { C(rawValue: text) } else { nil } }
    }

    func words(_ key: String) throws(Missing) -> [String] {
        try need(key) { if case .words(let words) = $0 { words } else { nil } }
    }

    func choices<C: RawRepresentable & Hashable>(_ key: String, as type: C.Type) throws(Missing) -> Set<C>
    where C.RawValue == String {
        Set(try words(key).compactMap(C.init(rawValue:)))
    }

    func flag(_ key: String) throws(Missing) -> Bool {
        try need(key) { if case .flag(let flag) = $0 { flag } else { nil } }
    }

    func integer(_ key: String) throws(Missing) -> Int {
        try need(key) { if case .integer(let number) = $0 { number } else { nil } }
    }

    func range(_ key: String) throws(Missing) -> ClosedRange<Int> {
        try need(key) { if case .range(let range) = $0 { range } else { nil } }
    }

    func cycles(_ key: String) throws(Missing) -> Cycles {
        try need(key) { if case .cycles(let value) = $0 { value } else { nil } }
    }

    func cost(_ key: String) throws(Missing) -> CycleCost {
        try need(key) { if case .cost(let value) = $0 { value } else { nil } }
    }

    func bytes(_ key: String) throws(Missing) -> Bytes {
        try need(key) { if case .bytes(let value) = $0 { value } else { nil } }
    }

    func bits(_ key: String) throws(Missing) -> Bits {
        try need(key) { if case .bits(let value) = $0 { value } else { nil } }
    }

    func frequency(_ key: String) throws(Missing) -> Frequency {
        try need(key) { if case .frequency(let value) = $0 { value } else { nil } }
    }

    func bandwidth(_ key: String) throws(Missing) -> Bandwidth {
        try need(key) { if case .bandwidth(let value) = $0 { value } else { nil } }
    }

    func optionalBandwidth(_ key: String) -> Bandwidth? {
        find(key) { if case .bandwidth(let value) = $0 { value } else { nil } }
    }

    func optionalPower(_ key: String) -> Power? {
        find(key) { if case .power(let value) = $0 { value } else { nil } }
    }

    func optionalEnergy(_ key: String) -> Energy? {
        find(key) { if case .energy(let value) = $0 { value } else { nil } }
    }

    func optionalEnergyPerBit(_ key: String) -> EnergyPerBit? {
        find(key) { if case .energyPerBit(let value) = $0 { value } else { nil } }
    }

    func voltage(_ key: String) -> Voltage? {
        find(key) { if case .voltage(let value) = $0 { value } else { nil } }
    }

    func current(_ key: String) -> Current? {
        find(key) { if case .current(let value) = $0 { value } else { nil } }
    }

    func length(_ key: String) -> Length? {
        find(key) { if case .length(let value) = $0 { value } else { nil } }
    }

    func thousandths(_ key: String) -> Int? {
        find(key) { if case .count(let thousandths) = $0 { thousandths } else { nil } }
    }

    func optionalCost(_ key: String) -> CycleCost? {
        find(key) { if case .cost(let value) = $0 { value } else { nil } }
    }

    /// A number of at most three decimals.
    func ratio(_ key: String) throws(Missing) -> Double {
        try need(key) { if case .count(let thousandths) = $0 { Double(thousandths) / 1000 } else { nil } }
    }

    /// Issue costs by class of instruction.
    func costs(_ key: String) throws(Missing) -> [InstructionClass: CycleCost] {
        let inner = try inner(key)
        var costs: [InstructionClass: CycleCost] = [:]
        for instruction in InstructionClass.allCases {
            costs[instruction] = inner.find(instruction.rawValue) { if case .cost(let cost) = $0 { cost } else { nil } }
        }
        return costs
    }

    /// Counts of instructions, or nil when the key is not there.
    func optionalMix(_ key: String) -> InstructionMix? {
        guard let section = section.section(key) else { return nil }
        let inner = ProfileDecoder(section: section)
        var counts: [InstructionClass: Int] = [:]
        for instruction in InstructionClass.allCases {
            counts[instruction] = inner.find(instruction.rawValue) {
                if case .count(let thousandths) = $0 { thousandths } else { nil }
            }
        }
        return InstructionMix(thousandths: counts)
    }

    /// Counts of instructions; none when the key is not there.
    func mix(_ key: String) -> InstructionMix {
        optionalMix(key) ?? .none
    }
}
