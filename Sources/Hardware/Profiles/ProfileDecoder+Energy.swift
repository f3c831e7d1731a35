import Quantities

extension ProfileDecoder {
    /// What a device profile says of energy; nothing when it has no such section.
    func energyFacts() throws(Missing) -> EnergyFacts {
        guard let part = try? inner("energy") else { return EnergyFacts() }
        var facts = EnergyFacts(
            activePower: part.optionalPower("activePower"), idlePower: part.optionalPower("idlePower"),
            leakage: part.optionalPower("leakage"), perMac: part.optionalEnergy("perMac"),
            perInstruction: part.optionalEnergy("perInstruction"),
            perLocalAccess: part.optionalEnergy("perLocalAccess"), activeClock: try? part.frequency("activeClock"))
        facts.activeSupply = part.voltage("activeSupply")
        facts.supply = part.railSupply(efficiency: part.thousandths("efficiency"))
        for (name, point) in part.table("rail") { facts.rail.append(point.railPoint(name: name)) }
        if let technology = try? part.inner("technology") { facts.technology = try technology.technology() }
        for (_, entry) in part.table("operations") { facts.operations.append(try entry.operation()) }
        facts.gatesZeros = (try? part.choices("gatesZeros", as: ZeroGate.self)) ?? []
        return facts
    }

    private func railSupply(efficiency: Int? = nil) -> RailSupply {
        RailSupply(
            voltage: voltage("supply"), regulator: try? choice("regulator", as: Regulator.self),
            coreVoltage: voltage("coreVoltage"), efficiencyThousandths: efficiency)
    }

    private func railPoint(name: String) -> RailPoint {
        RailPoint(
            name: name, power: optionalPower("power"), current: current("current"), supply: railSupply(),
            clock: try? frequency("clock"), runtimes: (try? words("runtimes")) ?? [])
    }

    private func technology() throws(Missing) -> Technology {
        guard let node = length("node"), let voltage = voltage("voltage") else { throw Missing() }
        return Technology(node: node, voltage: voltage, table: try choice("table", as: PublishedEnergies.Name.self))
    }

    private func operation() throws(Missing) -> OperationFact {
        guard let energy = optionalEnergy("energy") else { throw Missing() }
        return OperationFact(
            kind: try choice("operation", as: OperationKind.self), width: try bits("width"),
            energy: EnergyPerOperation(energy))
    }
}
