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
        return Calibration(
            rows: try part.integer("rows"), lowestRatio: try part.ratio("lowestRatio"),
            highestRatio: try part.ratio("highestRatio"), basis: try part.text("basis"))
    }

    private func coreWork(core: String) throws(Missing) -> CoreWork {
        let (costs, spread) = (try inner("costs"), try inner("spread"))
        return CoreWork(
            core: core, standing: try choice("standing", as: CoreWork.Standing.self), rows: try integer("rows"),
            costs: WorkClass.allCases.reduce(into: [:]) { $0[$1] = costs.optionalCost($1.rawValue) },
            spread: WorkClass.allCases.reduce(into: [:]) { $0[$1] = try? spread.ratio($1.rawValue) })
    }
}
