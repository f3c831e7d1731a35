import Quantities

extension ProfileDecoder {
    /// The measured costs of a runtime library; nil when the profile gives none.
    func work() throws(Missing) -> MeasuredWork? {
        guard let part = try? inner("work") else { return nil }
        var cores: [CoreWork] = []
        for (name, decoder) in part.table("cores") { cores.append(try decoder.coreWork(core: name)) }
        return MeasuredWork(dropsDeadChannels: try part.flag("dropsDeadChannels"), cores: cores)
    }

    /// How a model compares with measurements; nil when the profile does not say.
    func calibration() throws(Missing) -> Calibration? {
        guard let part = try? inner("calibration") else { return nil }
        return try part.comparison()
    }

    /// How a runtime library's estimates compare with measurements, by the name of the core.
    func calibrations() throws(Missing) -> [String: Calibration] {
        var calibrations: [String: Calibration] = [:]
        for (core, part) in table("calibration") { calibrations[core] = try part.comparison() }
        return calibrations
    }

    private func comparison() throws(Missing) -> Calibration {
        Calibration(
            rows: try integer("rows"), lowestRatio: try ratio("lowestRatio"), highestRatio: try ratio("highestRatio"),
            basis: try text("basis"))
    }

    private func coreWork(core: String) throws(Missing) -> CoreWork {
        let (costs, spread) = (try inner("costs"), try inner("spread"))
        return CoreWork(
            core: core, standing: try choice("standing", as: CoreWork.Standing.self), rows: try integer("rows"),
            costs: WorkClass.allCases.reduce(into: [:]) { $0[$1] = costs.optionalCost($1.rawValue) },
            spread: WorkClass.allCases.reduce(into: [:]) { $0[$1] = try? spread.ratio($1.rawValue) })
    }
}
