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
    private let points: [OperationKind: [OperationFact]]

    public init(_ facts: EnergyFacts) {
        self.facts = facts
        table = facts.technology?.table ?? .horowitz
        let published = PublishedEnergies[table]
        let scale = facts.technology?.ratio(to: published.technology)
        self.scale = scale
        var points = Dictionary(grouping: facts.operations, by: \.kind)
        if let scale {
            let derived = published.operations.map { fact in
                OperationFact(kind: fact.kind, width: fact.width, energy: fact.energy.scaled(by: scale))
            }
            points.merge(Dictionary(grouping: derived, by: \.kind)) { own, _ in own }
        }
        self.points = points.mapValues { $0.sorted { $0.width.count < $1.width.count } }
    }

    /// Whether anything but memories has an energy.
    public var isKnown: Bool { facts.perMac != nil || points[.integerMultiply] != nil }

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

    /// One instruction of a core, beyond the operation itself; nil when nothing is known.
    public var instruction: EnergyPerOperation? {
        if let own = facts.perInstruction { return EnergyPerOperation(own) }
        return scale.map { PublishedEnergies[table].instruction.scaled(by: $0) }
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
        guard let points = points[kind], let first = points.first, let last = points.last else { return nil }
        let size = (Double(max(1, left)) * Double(max(1, right))).squareRoot()
        func unit(_ fact: OperationFact) -> Double {
            Double(fact.energy.attojoules) / pow(Double(max(1, fact.width.count)), Double(kind.order))
        }
        var perUnit = size <= Double(first.width.count) ? unit(first) : unit(last)
        for (low, high) in zip(points, points.dropFirst())
        where (Double(low.width.count)...Double(high.width.count)).contains(size) {
            let extent = Double(max(1, high.width.count - low.width.count))
            perUnit = unit(low) + (unit(high) - unit(low)) * (size - Double(low.width.count)) / extent
        }
        return EnergyPerOperation(attojoules: rounded(perUnit * pow(size, Double(kind.order))))
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
