public import Hardware
public import Quantities

/// The power of a board's supply rail while a network runs, under the board's supply, regulator and clock.
///
/// A point of the profile gives the core's current I: P / V behind a linear regulator, P e / Vcore behind a switching
/// converter of efficiency e. With s the static share of it, the current at another clock f and core voltage U is
/// `I (s + (1 - s) (f / f0) (U / U0))`, and the rail's power `I V` (linear) or `I U / e` (switching). Between points of
/// one regulator and core voltage nothing but the supply is needed. Points whose firmware was built with the runtime
/// asked for are taken, else those that name none, else all; several are averaged. It is *not* a model of what the
/// network does: on one chip and firmware networks differ by some percent, which the point does not know.
public struct RailPower: Sendable, Hashable {
    /// The power at `clock`; the energy of a cycle is their quotient.
    public let power: Power
    public let clock: Frequency
    /// What was taken for granted, one sentence each.
    public let assumptions: [String]

    /// nil when the profile states no power of the rail.
    public init?(_ facts: EnergyFacts, clock: Frequency, runtime: String?) {
        let points = Self.points(facts, runtime: runtime)
        guard let first = points.first else { return nil }
        var notes: [String] = []
        if points.allSatisfy({ !$0.runtimes.isEmpty }), let runtime, !first.runtimes.contains(runtime) {
            notes.append(
                "No power was measured with firmware of '\(runtime)': the mean of \(points.count) other measurements is taken."
            )
        }
        let carried = points.map { Carried($0, facts: facts, clock: clock, notes: &notes) }
        let reference = carried[0].clock
        let total = carried.reduce(0.0) {
            $0 + $1.nanowatts * (Double(reference.hertz) / Double(max(1, $1.clock.hertz)))
        }
        power = Power(nanowatts: Int(min((total / Double(carried.count)).rounded(), 9e18)))
        self.clock = reference
        assumptions = notes.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func points(_ facts: EnergyFacts, runtime: String?) -> [RailPoint] {
        if let power = facts.activePower {
            let supply = RailSupply(voltage: facts.activeSupply)
            return [RailPoint(name: "activePower", power: power, supply: supply, clock: facts.activeClock)]
        }
        let own = facts.rail.filter { point in runtime.map(point.runtimes.contains) ?? false }
        if !own.isEmpty { return own }
        let any = facts.rail.filter(\.runtimes.isEmpty)
        return any.isEmpty ? facts.rail : any
    }
}

/// One point under the conditions of the board.
private struct Carried {
    var nanowatts: Double
    var clock: Frequency

    private static let efficiency = 0.9

    init(_ point: RailPoint, facts: EnergyFacts, clock: Frequency, notes: inout [String]) {
        let board = facts.supply
        let supply = point.supply.voltage ?? board.voltage
        let measured = point.power.map { Double($0.nanowatts) } ?? Self.power(point.current, supply)
        let regulator = point.supply.regulator ?? board.regulator
        let core = point.supply.coreVoltage ?? board.coreVoltage
        let (from, to) = (supply?.volts ?? 1, board.voltage?.volts ?? supply?.volts ?? 1)
        var factor = 1.0
        switch (regulator, board.regulator) {
        case (.ldo?, .ldo?): factor = to / from
        case (.ldo?, .smps?):
            factor = (board.coreVoltage ?? core).map { $0.volts / Self.passed(board, &notes) / from } ?? 1
        case (.smps?, .ldo?):
            factor = core.map { Self.passed(board, &notes) * to / $0.volts } ?? 1
        case (.smps?, .smps?): break
        case (nil, _), (_, nil):
            if from != to {
                notes.append(
                    "No regulator is named: the power measured at \(from) V is taken to hold at \(to) V as well.")
            }
        }
        let start = point.clock ?? clock
        // The switching converter's core voltage is in its own factor: current and voltage both follow it.
        let ratio = core.flatMap { core in board.coreVoltage.map { $0.volts / core.volts } } ?? 1
        let still = facts.leakage.map { min(1, Double($0.nanowatts) / max(1, measured)) } ?? 0
        if still == 0, ratio == 1 {
            (nanowatts, self.clock) = (measured * factor, start)
            return
        }
        let speed = Double(clock.hertz) / Double(max(1, start.hertz))
        let voltage = board.regulator == .smps && regulator == .smps ? ratio : 1
        nanowatts = measured * factor * (still + (1 - still) * speed * ratio) * voltage
        self.clock = clock
    }

    private static func power(_ current: Current?, _ supply: Voltage?) -> Double {
        Double(current?.nanoamperes ?? 0) * (supply?.volts ?? 0)
    }

    private static func passed(_ supply: RailSupply, _ notes: inout [String]) -> Double {
        if let own = supply.efficiencyThousandths { return Double(max(1, own)) / 1000 }
        notes.append("A switching regulator is taken to pass on 90 % of the rail's power.")
        return efficiency
    }
}
