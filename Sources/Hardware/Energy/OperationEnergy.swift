import Foundation
public import Quantities

/// The energy of single operations and accesses of one device: what a cost model asks.
///
/// A fact of the profile wins. Without one, and with a `technology`, a published table is scaled to the process and
/// voltage. Multipliers grow with the product of the operands' widths, adders with the width, the energy of a bit of
/// on-chip memory with a power of the capacity between published sizes (about its square root). It is *not* a circuit
/// model: wires, clock trees and control are in none of these figures, and writes cost what reads cost.
public struct OperationEnergy: Sendable, Hashable {
    private let facts: EnergyFacts
    private let scale: Double?
    private let table: PublishedEnergies.Name
    /// The known widths of each kind, ascending, in the order of `OperationKind.allCases`.
    private let points: [[Point]]
    /// One instruction of a core, beyond the operation itself; nil when nothing is known.
    public let instruction: EnergyPerOperation?

    /// A width, and its energy over the width to the kind's order.
    private struct Point: Hashable {
        var width: Double
        var attojoulesPerUnit: Double

        init(_ fact: OperationFact, scale: Double) {
            width = Double(max(1, fact.width.count))
            attojoulesPerUnit = Double(fact.energy.attojoules) * scale / fact.kind.size(width)
        }
    }

    public init(_ facts: EnergyFacts) {
        self.facts = facts
        table = facts.technology?.table ?? .horowitz
        let published = PublishedEnergies[table]
        let scale = facts.technology?.ratio(to: published.technology)
        self.scale = scale
        points = OperationKind.allCases.map { kind in
            let own = facts.operations.filter { $0.kind == kind }
            let derived = scale == nil ? [] : published.operations.filter { $0.kind == kind }
            let used = own.isEmpty ? derived : own
            return used.map { Point($0, scale: own.isEmpty ? scale ?? 1 : 1) }.sorted { $0.width < $1.width }
        }
        instruction =
            facts.perInstruction.map { EnergyPerOperation($0) } ?? scale.map { published.instruction.scaled(by: $0) }
    }

    /// Whether anything but memories has an energy.
    public var isKnown: Bool { facts.perMac != nil || !points[OperationKind.integerMultiply.position].isEmpty }

    /// One product of integers added to a sum; nil when nothing is known.
    ///
    /// `perMac` holds at the native width and stands for every narrower one: a wide multiplier is a wide multiplier.
    public func product(weightBits: Int, activationBits: Int, sumBits: Int = 32) -> EnergyPerOperation? {
        if let perMac = facts.perMac { return EnergyPerOperation(perMac) }
        guard let product = energy(.integerMultiply, weightBits, activationBits) else { return nil }
        return product + (energy(.integerAdd, sumBits, sumBits) ?? EnergyPerOperation(attojoules: 0))
    }

    /// One product of reals added to a sum; nil when nothing is known.
    public func floatProduct(bits: Int = 32) -> EnergyPerOperation? {
        if let perMac = facts.perMac { return EnergyPerOperation(perMac) }
        guard let product = energy(.floatMultiply, bits, bits) else { return nil }
        return product + (energy(.floatAdd, bits, bits) ?? EnergyPerOperation(attojoules: 0))
    }

    /// One addition of integers; nil when nothing is known.
    public func addition(bits: Int) -> EnergyPerOperation? {
        energy(.integerAdd, bits, bits)
    }

    /// One access of a register file or cell store; nil when nothing is known.
    public func localAccess(bits: Int) -> EnergyPerOperation? {
        if let own = facts.perLocalAccess { return EnergyPerOperation(own) }
        guard let scale else { return nil }
        let bit = PublishedEnergies[table].registerBit.attojoules
        return EnergyPerOperation(attojoules: rounded(Double(bit * bits) * scale))
    }

    /// Reading one bit of a memory; nil when nothing is known.
    public func read(_ memory: Memory) -> EnergyPerBit? {
        memory.readEnergyPerBit ?? derived(memory)
    }

    /// Writing one bit of a memory; nil when nothing is known.
    public func write(_ memory: Memory) -> EnergyPerBit? {
        memory.writeEnergyPerBit ?? read(memory)
    }

    private func derived(_ memory: Memory) -> EnergyPerBit? {
        switch memory.kind {
        case .dram: return memory.dram?.energyPerBit
        case .flash: return nil
        case .sram, .tcm, .buffer:
            guard let scale else { return nil }
            let bit = Self.perBit(bytes: memory.size.count, PublishedEnergies[table].memories)
            return EnergyPerBit(attojoules: rounded(bit * scale))
        }
    }

    /// On a line through the logarithms of the neighbouring sizes; the end lines go on beyond the ends.
    private static func perBit(bytes: Int, _ sizes: [(bytes: Double, attojoulesPerBit: Double)]) -> Double {
        let size = Double(max(1, bytes))
        let next = sizes.firstIndex { $0.bytes >= size } ?? sizes.count - 1
        let (low, high) = (sizes[max(0, next - 1)], sizes[max(1, next)])
        let slope = log2(high.attojoulesPerBit / low.attojoulesPerBit) / log2(high.bytes / low.bytes)
        return low.attojoulesPerBit * exp2(slope * log2(size / low.bytes))
    }

    /// Energy by width over `width^order` lies on a line between neighbouring widths; beyond the ends it is constant.
    private func energy(_ kind: OperationKind, _ left: Int, _ right: Int) -> EnergyPerOperation? {
        let points = points[kind.position]
        guard let first = points.first, let last = points.last else { return nil }
        let width = (Double(max(1, left)) * Double(max(1, right))).squareRoot()
        var perUnit = width <= first.width ? first.attojoulesPerUnit : last.attojoulesPerUnit
        if let next = points.firstIndex(where: { $0.width >= width }), next > 0 {
            let (low, high) = (points[next - 1], points[next])
            let share = (width - low.width) / (high.width - low.width)
            perUnit = low.attojoulesPerUnit + (high.attojoulesPerUnit - low.attojoulesPerUnit) * share
        }
        return EnergyPerOperation(attojoules: rounded(perUnit * kind.size(width)))
    }
}

extension OperationEnergy {
    /// What is taken for granted of these energies, one sentence each.
    public var assumptions: [String] {
        guard let technology = facts.technology else { return [] }
        return [
            "Energies that the profile does not give are the table '\(table.rawValue)' scaled to \(technology.node) and "
                + "\(technology.voltage) by Stillmaker and Baas; multipliers grow with the product of widths, the energy of "
                + "a bit of on-chip memory with about the square root of the capacity, writes cost what reads cost."
        ]
    }
}

extension EnergyPerOperation {
    fileprivate func scaled(by factor: Double) -> EnergyPerOperation {
        EnergyPerOperation(attojoules: rounded(Double(attojoules) * factor))
    }
}

private func rounded(_ value: Double) -> Int {
    Int(exactly: min(max(value.rounded(), 0), 9e18)) ?? 0
}
