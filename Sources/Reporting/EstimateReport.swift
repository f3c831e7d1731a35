public import Estimation
import Quantities
import Scheduling
public import Workloads

/// What a network costs on a device, layer by layer.
public struct EstimateReport: Report {
    /// The network as the user named it.
    public var network: String
    public var workload: Workload
    public var estimate: Estimate
    /// Why the device cannot hold it, a sentence each; empty when it can.
    public var shortages: [String]
    /// What would shorten each layer; empty where nobody asked.
    public var advice: [[Advice]]
    /// Waiting between inferences; nil where nobody asked, or nothing is known of it.
    public var dutyCycle: DutyCycle?

    public init(
        network: String, workload: Workload, estimate: Estimate, shortages: [String], advice: [[Advice]] = [],
        dutyCycle: DutyCycle? = nil
    ) {
        self.network = network
        self.workload = workload
        self.estimate = estimate
        self.shortages = shortages
        self.advice = advice
        self.dutyCycle = dutyCycle
    }

    private enum Key: String, CodingKey {
        case network, status, reasons, layers, arena, averagePowerWatts, dutyCycle
    }

    public func encode(to encoder: any Encoder) throws {
        try estimate.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(network, forKey: .network)
        try container.encode(shortages.isEmpty ? "fits" : "doesNotFit", forKey: .status)
        try container.encode(shortages, forKey: .reasons)
        try container.encode(layers, forKey: .layers)
        try container.encode(ArenaReport(estimate.schedule.arena), forKey: .arena)
        try container.encodeIfPresent(averagePower, forKey: .averagePowerWatts)
        try container.encodeIfPresent(dutyCycle, forKey: .dutyCycle)
    }

    private var layers: [EstimatedLayer] {
        let known = Dictionary(workload.layers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let scratch = estimate.schedule.arena.scratch
        return estimate.layers.enumerated().map { index, layer in
            EstimatedLayer(
                estimate: layer, layer: known[layer.name],
                activationBits: known[layer.name]?.inputs.first.map { workload.tensors[$0].elementBits },
                advice: advice.indices.contains(index) ? advice[index] : [], scratchBytes: scratch[index] ?? 0)
        }
    }

    /// Energy over latency; nil without an energy.
    private var averagePower: Double? {
        let totals = estimate.totals
        return totals.latencySeconds > 0 ? totals.energyJoules.map { $0 / totals.latencySeconds } : nil
    }

    public var text: String {
        let runtime = estimate.runtime.map { " with runtime \($0)" } ?? ""
        let heading = "\(network) on \(estimate.device)\(runtime)\n\n"
        return heading + table.text + "\n" + totals + AdviceText(estimate, advice).text
    }

    private var table: TextTable {
        var table = TextTable([
            .left("layer"), .left("kernel"), .right("weights"), .right("inputs"), .right("MACs"), .right("cycles"),
            .right("compute"), .right("stall"), .right("overhead"), .left("bound by"), .right("energy"),
            .right("bytes"),
        ])
        for layer in layers { table.append(layer.cells) }
        let rest = estimate.perInference
        if rest.cycles.total > 0 { table.append(EstimatedLayer(estimate: rest).cells) }
        table.appendRule()
        var sum = CycleBreakdown()
        for layer in estimate.layers + [rest] { sum += layer.cycles }
        let bytes = workload.layers.reduce(0) { $0 + ($1.weights?.totalBytes ?? 0) }
        table.append([
            "total", "", "", "", Figures.grouped(estimate.totals.macs), Figures.grouped(sum.total),
            Figures.grouped(sum[.compute]), Figures.grouped(sum[.memoryStall]),
            Figures.grouped(sum[CycleCause.Group.overhead]), sum.bound?.text ?? "",
            estimate.totals.energyJoules.map { Figures.scaled($0, unit: "J") } ?? "-", Figures.grouped(bytes),
        ])
        return table
    }

    private var totals: String {
        let totals = estimate.totals
        var lines = [
            "latency   \(Figures.duration(totals.latencySeconds))  (\(Figures.grouped(totals.cycles)) cycles)",
            "energy    \(totals.energy?.text ?? "not known: the profile has no energy facts")",
        ]
        if let executed = totals.energy?.executedFemtojoules {
            let joules = Figures.scaled(Double(executed) * 1e-15, unit: "J")
            lines.append("executed  \(joules) with the operands that execution met; the line above takes random bits")
        }
        if let averagePower { lines.append("power     \(Figures.scaled(averagePower, unit: "W")) on average") }
        if let dutyCycle {
            let power = Figures.scaled(dutyCycle.averagePowerWatts, unit: "W")
            lines.append(
                "duty      \(Figures.percentage(dutyCycle.share)) of each \(Figures.duration(dutyCycle.periodSeconds)): "
                    + "\(Figures.scaled(dutyCycle.energyJoules, unit: "J")), \(power) on average")
        }
        lines += [
            "RAM       \(Figures.grouped(totals.ramBytes)) bytes  (\(Self.parts(estimate.schedule.ram)))",
            "arena     \(ArenaReport(estimate.schedule.arena).text)\(scratchText)",
            "flash     \(Figures.grouped(totals.flashBytes)) bytes  (\(flashParts))",
            "band      \(estimate.errorBand.text)",
        ]
        if let rate = estimate.throughput {
            lines.insert(
                "rate      \(Figures.grouped(Int(rate.framesPerSecond))) frames/s  "
                    + "(one every \(Figures.grouped(rate.intervalCycles)) cycles, \(rate.boundText))", at: 1)
        }
        lines += estimate.resources.map { resource in
            "takes     \(Figures.grouped(resource.used)) of \(Figures.grouped(resource.available)) \(resource.name)"
        }
        lines += estimate.assumptions.map { "assumed   \($0)" }
        lines += shortages.map { "DOES NOT FIT: \($0)" }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The layer with most working memory; empty where none needs any.
    private var scratchText: String {
        guard let most = estimate.schedule.arena.scratch.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            estimate.layers.indices.contains(most.key)
        else { return "" }
        return "; of it scratch of at most \(Figures.grouped(most.value)), in \(estimate.layers[most.key].name)"
    }

    private var flashParts: String {
        let weights = workload.layers.compactMap(\.weights)
        let elements = weights.reduce(0) { $0 + $1.encodedSize.bytes.count }
        let parameters = weights.reduce(0) { $0 + $1.parameterSize.bytes.count }
        let rest = estimate.totals.flashBytes - elements - parameters
        let constants = Set(workload.layers.flatMap { ["weights of \($0.name)", "parameters of \($0.name)"] })
        let code = Self.parts(estimate.schedule.flash.filter { !constants.contains($0.name) })
        return "weights \(Figures.grouped(elements)), biases and scales \(Figures.grouped(parameters)), "
            + "code and descriptors \(Figures.grouped(rest))" + (code.isEmpty ? "" : ": \(code)")
    }

    private static func parts(_ parts: [MemoryPart]) -> String {
        parts.filter { $0.bytes > 0 }.map { "\($0.name) \(Figures.grouped($0.bytes))" }.joined(separator: ", ")
    }
}

/// A layer's cost with what decides it.
private struct EstimatedLayer: Encodable {
    var estimate: LayerEstimate
    var layer: WorkloadLayer?
    var activationBits: Int?
    var advice: [Advice] = []
    var scratchBytes = 0

    private enum Key: String, CodingKey {
        case `operator`, weightBits, activationBits, weightStorage, weightDensity, weightBytes, advice, scratchBytes
        case activationZeros, activationSetBits, activationToggles, weightToggles
    }

    func encode(to encoder: any Encoder) throws {
        try estimate.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(layer?.operatorName, forKey: .operator)
        try container.encodeIfPresent(activationBits, forKey: .activationBits)
        try container.encodeIfPresent(layer?.weights?.elementBits, forKey: .weightBits)
        try container.encodeIfPresent(layer?.weights?.storage.rawValue, forKey: .weightStorage)
        try container.encodeIfPresent(layer?.weights?.density, forKey: .weightDensity)
        try container.encode(layer?.weights?.totalBytes ?? 0, forKey: .weightBytes)
        try container.encode(advice, forKey: .advice)
        try container.encode(scratchBytes, forKey: .scratchBytes)
        try container.encodeIfPresent(layer?.activationZeros, forKey: .activationZeros)
        try container.encodeIfPresent(layer?.activationSetBits, forKey: .activationSetBits)
        try container.encodeIfPresent(layer?.activationToggles, forKey: .activationToggles)
        try container.encodeIfPresent(layer?.weightToggles, forKey: .weightToggles)
    }

    var cells: [String] {
        [
            estimate.name, estimate.kernel, layer?.weights?.text ?? "", activationBits.map { "\($0) bit" } ?? "",
            Figures.grouped(estimate.macs), Figures.grouped(estimate.cycles.total),
            Figures.grouped(estimate.cycles[.compute]), Figures.grouped(estimate.cycles[.memoryStall]),
            Figures.grouped(estimate.cycles[CycleCause.Group.overhead]), estimate.bound?.text ?? "",
            estimate.energy.map { Figures.scaled($0.total.joules, unit: "J") } ?? "-",
            layer?.weights.map { Figures.grouped($0.totalBytes) } ?? "",
        ]
    }
}

extension EnergyBreakdown {
    /// The sum, and what each component draws of it.
    fileprivate var text: String {
        let parts = [
            ("compute", computeFemtojoules), ("SRAM", sramFemtojoules), ("flash", flashFemtojoules),
            ("DRAM", dramFemtojoules), ("idle", idleFemtojoules),
        ]
        let drawn = parts.filter { $0.1 > 0 }.map { "\($0.0) \(Self.joules($0.1))" }.joined(separator: ", ")
        return Self.joules(total.femtojoules) + (drawn.isEmpty ? "" : "  (\(drawn))")
    }

    private static func joules(_ femtojoules: Int) -> String {
        Figures.scaled(Double(femtojoules) * 1e-15, unit: "J")
    }
}

extension ErrorBand {
    /// One clause for people.
    var text: String {
        guard let lowestRatio, let highestRatio else { return origin }
        let range = "\(Figures.decimal(lowestRatio, decimals: 2)) to \(Figures.decimal(highestRatio, decimals: 2))"
        return "80 % of measured times are \(range) times the estimate (\(status.rawValue); \(origin))"
    }
}
