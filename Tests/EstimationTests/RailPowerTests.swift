import Estimation
import Foundation
import Hardware
import Quantities
import Testing

@Suite("Power of the supply rail")
struct RailPowerTests {
    private let clock = Frequency(hertz: 100_000_000)

    private func volts(_ millivolts: Int) -> Voltage { Voltage(microvolts: millivolts * 1000) }

    private func power(_ facts: EnergyFacts, at clock: Frequency? = nil, runtime: String? = nil) throws -> Double {
        let rail = try #require(RailPower(facts, clock: clock ?? self.clock, runtime: runtime))
        // The energy of a cycle times the clock.
        return rail.power.watts * Double((clock ?? self.clock).hertz) / Double(rail.clock.hertz) * 1000
    }

    private func facts(_ regulator: Regulator?, supply: Int, point: RailPoint) -> EnergyFacts {
        var facts = EnergyFacts()
        facts.supply = RailSupply(
            voltage: volts(supply), regulator: regulator, coreVoltage: volts(1200), efficiencyThousandths: 800)
        facts.rail = [point]
        return facts
    }

    @Test("a linear regulator draws a constant current, a switching one a constant power")
    func regulators() throws {
        let point = RailPoint(name: "p", power: Power(nanowatts: 18_000_000), supply: RailSupply(voltage: volts(1800)))
        #expect(try abs(power(facts(.ldo, supply: 3000, point: point)) - 30) < 1e-6)
        #expect(try abs(power(facts(.smps, supply: 3000, point: point)) - 18) < 1e-6)
        #expect(try abs(power(facts(nil, supply: 3000, point: point)) - 18) < 1e-6)
        let silent = try #require(RailPower(facts(nil, supply: 3000, point: point), clock: clock, runtime: nil))
        #expect(silent.assumptions.count == 1)
    }

    @Test("from one regulator to the other through the core's current")
    func conversion() throws {
        // 10 mA through a linear regulator at 1.8 V: 12 mW in a core of 1.2 V, 15 mW before a converter that passes 80 %.
        var point = RailPoint(
            name: "p", power: Power(nanowatts: 18_000_000),
            supply: RailSupply(voltage: volts(1800), regulator: .ldo))
        #expect(try abs(power(facts(.smps, supply: 3000, point: point)) - 15) < 1e-6)
        point.supply.regulator = .smps
        point.power = Power(nanowatts: 15_000_000)
        #expect(try abs(power(facts(.ldo, supply: 1800, point: point)) - 18) < 1e-6)
        point.power = nil
        point.current = Current(nanoamperes: 10_000_000)
        point.supply.regulator = .ldo
        #expect(try abs(power(facts(.ldo, supply: 3300, point: point)) - 33) < 1e-6)
    }

    @Test("the dynamic part follows the clock and the core's voltage, the static part does not")
    func clocks() throws {
        let point = RailPoint(name: "p", power: Power(nanowatts: 10_000_000), clock: clock)
        var facts = facts(.ldo, supply: 1800, point: point)
        #expect(try abs(power(facts, at: Frequency(hertz: 50_000_000)) - 5) < 1e-6)
        facts.leakage = Power(nanowatts: 2_000_000)
        #expect(try abs(power(facts, at: Frequency(hertz: 50_000_000)) - 6) < 1e-6)
        facts.rail[0].supply = RailSupply(voltage: volts(1800), coreVoltage: volts(1000))
        #expect(try abs(power(facts) - (2 + 8 * 1.2)) < 1e-6)
    }

    @Test("the firmware of the runtime asked for is taken, else any, else the mean of all")
    func firmware() throws {
        func point(_ name: String, _ milliwatts: Int, _ runtimes: [String]) -> RailPoint {
            RailPoint(name: name, power: Power(nanowatts: milliwatts * 1_000_000), runtimes: runtimes)
        }
        var facts = facts(.ldo, supply: 1800, point: point("a", 10, ["one"]))
        facts.rail.append(point("b", 20, ["two"]))
        #expect(try abs(power(facts, runtime: "two") - 20) < 1e-6)
        #expect(try abs(power(facts, runtime: "three") - 15) < 1e-6)
        #expect(RailPower(facts, clock: clock, runtime: "three")?.assumptions.isEmpty == false)
        facts.rail.append(point("c", 40, []))
        #expect(try abs(power(facts, runtime: "three") - 40) < 1e-6)
        facts.activePower = Power(nanowatts: 1_000_000)
        #expect(try abs(power(facts, runtime: "two") - 1) < 1e-6)
        #expect(RailPower(EnergyFacts(), clock: clock, runtime: nil) == nil)
    }

    @Test("the L4R5 at 3 V and behind a switching converter, from what was measured at 1.8 V on its linear regulator")
    func silicon() throws {
        let library = Profiles.library
        let board = try library.device(named: "nucleo-l4r5zi").subject
        var low = board.energy
        low.rail = board.energy.rail.filter { $0.runtimes == ["x-cube-ai-7.3"] && $0.supply.voltage == volts(1800) }
        low.supply.voltage = volts(3000)
        // MLPerf Tiny v1.1, Krai, X-CUBE-AI 7.3 at 3.0 V: 69.8 to 78.2 mW, mean 74.22.
        #expect(try abs(power(low, at: board.clock) / 74.22 - 1) < 0.02)
        low.rail = board.energy.rail.filter { $0.runtimes == ["x-cube-ai-9.0"] }
        low.supply.regulator = .smps
        // MLPerf Tiny v1.3, NUCLEO-L4R5ZI-P with an external SMPS, X-CUBE-AI 10.2: 32.9 to 33.4 mW.
        #expect(try abs(power(low, at: board.clock) / 33.1 - 1) < 0.05)
    }

    @Test("of the measured rows, each from other networks with its firmware, the median is off by less than a tenth")
    func measuredRows() throws {
        let file = Profiles.root.appending(path: "Traces/boards/energy.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        var errors: [Double] = []
        for line in lines {
            let fields = Profiles.fields(line)
            try #require(fields.count == 11)
            guard fields[5].contains("activePower"), !fields[9].hasPrefix("excluded") else { continue }
            let device = try Profiles.library.device(
                named: fields[3], overrides: fields[5].split(separator: ";").map(String.init)
            ).subject
            let told = try #require(RailPower(device.energy, clock: device.clock, runtime: fields[4]))
            let words = fields[9].split(separator: " ")
            let place = try #require(words.firstIndex(of: "rail"))
            let measured = try #require(Double(words[place + 1]))
            errors.append(abs(told.power.watts * 1000 / measured - 1))
        }
        errors.sort()
        #expect(errors.count >= 65)
        #expect(errors[errors.count / 2] < 0.05 && errors[errors.count * 9 / 10] < 0.1)
    }
}
