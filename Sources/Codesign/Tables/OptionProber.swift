import Compression
import Diagnostics
import Execution
import Networks
import Tensors

/// Fills the option tables: tries every choice for every layer alone, executes it, and costs the very same network.
struct OptionProber: Sendable {
    let evaluator: Evaluator
    let costing: Costing
    let probes: ProbeSet
    let threads: Int
    /// Told how many of how many groups of choices are done.
    let progress: @Sendable (Int, Int) -> Void

    /// Choices of one layer that share a structure, so that it is made and observed once.
    private struct Unit: Sendable {
        var layer: Int
        var choices: [LayerChoice]
    }

    /// The tables of `menu` around `center`, and how many networks were executed for them.
    ///
    /// - Parameter menu: the choices to try for each layer; the center's own need not be among them.
    /// - Throws: `Diagnostics` when the center cannot be made integer; `EstimateRefusal` when the device cannot run it.
    func tables(around center: Candidate, menu: [[LayerChoice]]) throws -> (tables: OptionTables, executions: Int) {
        let reference = try prepare(center)
        let units = units(menu, around: center)
        let done = Counter()
        let probed = try mapCases(units.count, threads: threads) { index in
            let options = options(of: units[index], around: center, reference: reference)
            progress(done.increment(), units.count)
            return options
        }
        var layers = center.assignments.map { assignment in
            OptionTables.Layer(name: assignment.layer, options: [ownOption(assignment.choice, reference)])
        }
        for (unit, options) in zip(units, probed) { layers[unit.layer].options += options }
        let executions = 1 + probed.reduce(0) { $0 + $1.count }
        return (OptionTables(baseline: reference.cost, damage: reference.damage, layers: layers), executions)
    }

    /// The network around which layers are varied, executed on every probe.
    private struct Reference: Sendable {
        var interpreter: Interpreter
        var traces: [Trace]
        var cost: CostVector
        var damage: Int64
    }

    private func prepare(_ center: Candidate) throws -> Reference {
        let compressed = try evaluator.compress(center)
        let cost = try costing.cost(of: compressed).get().vector
        let interpreter = try Interpreter(compressed.network)
        let network = compressed.network
        let runs = try mapCases(probes.cases.count, threads: threads) { index in
            let trace = try interpreter.trace(probes.cases[index])
            let outputs = network.outputs.compactMap { trace[network[$0].name] }
            return (trace, probes.damage(ofCase: index, outputs: outputs, network: network))
        }
        let damage = runs.reduce(0) { $0 + $1.1 } / Int64(max(1, runs.count))
        return Reference(interpreter: interpreter, traces: runs.map(\.0), cost: cost, damage: damage)
    }

    private func ownOption(_ choice: LayerChoice, _ reference: Reference) -> OptionTables.Option {
        OptionTables.Option(choice: choice, damage: 0, cost: reference.cost - reference.cost)
    }

    private func units(_ menu: [[LayerChoice]], around center: Candidate) -> [Unit] {
        zip(center.assignments.indices, menu).flatMap { layer, choices -> [Unit] in
            let others = choices.filter { $0 != center.assignments[layer].choice }
            let structures = others.map { choice in
                LayerChoice(weightBits: choice.weightBits == 1 ? 1 : nil, activationBits: nil, moves: choice.moves)
            }
            let places = Dictionary(grouping: others.indices) { structures[$0] }
            return places.values.sorted { left, right in
                let texts = (structures[left[0]].description, structures[right[0]].description)
                return texts.0 == texts.1 ? left[0] < right[0] : texts.0 < texts.1
            }.map { Unit(layer: layer, choices: $0.map { others[$0] }) }
        }
    }

    /// Choices that a step or the device refuses are not options of the layer.
    private func options(
        of unit: Unit, around center: Candidate, reference: Reference
    ) -> [OptionTables.Option] {
        let first = center.replacing(unit.layer, by: unit.choices[0])
        guard let structure = try? evaluator.structure(of: first) else { return [] }
        return unit.choices.compactMap { choice in
            let candidate = center.replacing(unit.layer, by: choice)
            guard let compressed = try? evaluator.quantize(structure, for: candidate),
                let cost = try? costing.cost(of: compressed).get(),
                let damage = try? damage(of: compressed, reference: reference)
            else { return nil }
            return OptionTables.Option(
                choice: choice, damage: damage - reference.damage, cost: cost.vector - reference.cost)
        }
    }

    private func damage(of compressed: CompressedNetwork, reference: Reference) throws -> Int64 {
        let interpreter = try Interpreter(compressed.network, basedOn: reference.interpreter)
        var sum: Int64 = 0
        for index in probes.cases.indices {
            let outputs = try interpreter.run(resuming: reference.traces[index])
            sum += probes.damage(ofCase: index, outputs: outputs, network: compressed.network)
        }
        return sum / Int64(max(1, probes.cases.count))
    }
}
