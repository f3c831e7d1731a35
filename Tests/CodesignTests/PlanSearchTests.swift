import Codesign
import Compression
import Estimation
import Execution
import Exploration
import Foundation
import Hardware
import Networks
import Quantities
import Tensors
import Testing

@Suite struct PlanSearchTests {
    private func encoded(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(value)
    }

    /// Everything that a plan is made of, as bytes.
    private func traces(_ outcome: SearchOutcome) throws -> [Data] {
        try [
            encoded(outcome.chosen?.candidate), encoded(outcome.tables), encoded(outcome.problem),
            encoded(outcome.certificate), encoded(outcome.finalists.map(\.candidate)),
            encoded(outcome.finalists.map(\.damage)), encoded(outcome.finalists.map(\.accuracy)),
            encoded(outcome.uncompressed.accuracy), encoded(outcome.reference), Data("\(outcome.evaluations)".utf8),
        ]
    }

    /// A step that looks at calibration cases is a move like any other.
    @Test func movesMayObserveCases() throws {
        let move = LayerChoice.Move(step: "optimal-brain-surgeon", parameters: ["density": .number(0.5)])
        let space = DesignSpace(weightBits: [8], activationBits: [8], moves: [[], [move]])
        let outcome = try TinySearch(device: "unit").run(["latency<=1 s"], space: space)
        let options = outcome.tables.layers.flatMap(\.options).filter { $0.choice.moves == [move] }
        #expect(!options.isEmpty)
    }

    @Test(arguments: ["unit", "nucleo-l4r5zi"])
    func thePlanKeepsItsBudgetsAndDoesNotDependOnThreads(_ device: String) throws {
        let search = try TinySearch(device: device)
        let before = try search.uncompressed().totals
        let limit = (
            seconds: before.latencySeconds * 0.9, ram: before.ramBytes - 40, flash: before.flashBytes - 500
        )
        let budgets = [
            "latency<=\(Int(limit.seconds * 1e9)) ns", "ram<=\(limit.ram) B", "flash<=\(limit.flash) B",
        ]
        let outcome = try search.run(budgets, threads: 2)
        let chosen = try #require(outcome.chosen, "\(String(describing: outcome.conflict))")
        #expect(outcome.status != .infeasible && outcome.conflict == nil)
        let totals = try search.estimate(chosen.compressed).totals
        #expect(totals == chosen.estimate.totals)
        #expect(totals.latencySeconds <= limit.seconds)
        #expect(totals.ramBytes <= limit.ram && totals.flashBytes <= limit.flash)
        #expect(outcome.finalists.count <= 4)
        #expect(outcome.finalists.allSatisfy { $0.accuracy != nil && $0.damage != nil })
        let best = outcome.finalists.compactMap { $0.accuracy?.correct }.max()
        #expect(chosen.accuracy?.correct == best)
        let executed = try Interpreter(chosen.compressed.network).accuracy(
            on: search.evaluation, threads: 1)
        #expect(executed == chosen.accuracy)
        let certificate = try #require(outcome.certificate)
        #expect(CertificateVerifier().verify(certificate, for: outcome.problem).valid)
        #expect(try traces(outcome) == traces(search.run(budgets, threads: 1)))
    }

    @Test func theUncompressedNetworkIsTheReference() throws {
        let search = try TinySearch(device: "unit")
        let outcome = try search.run([])
        #expect(outcome.reference == Accuracy(correct: 60, total: 60))
        #expect(outcome.uncompressed.candidate == Candidate.baseline(of: search.network))
        #expect(try outcome.uncompressed.estimate.totals == search.uncompressed().totals)
        #expect((outcome.uncompressed.accuracy?.correct ?? 0) >= 57)
        #expect(outcome.executedFront.isSubset(of: Set(0...outcome.finalists.count)))
        #expect(outcome.spaceSize == outcome.problem.spaceSize)
    }

    @Test func dropsAreInMillionthsOfAPoint() throws {
        var finalist = try TinySearch(device: "unit").run([]).uncompressed
        finalist.accuracy = Accuracy(correct: 199, total: 300)
        #expect(finalist.drop(against: Accuracy(correct: 200, total: 300)) == 333_333)
        #expect(finalist.drop(against: Accuracy(correct: 197, total: 300)) == -666_667)
        #expect(finalist.drop(against: Accuracy(correct: 199, total: 300)) == 0)
        finalist.accuracy = nil
        #expect(finalist.drop(against: Accuracy(correct: 1, total: 3)) == nil)
    }

    @Test func relaxationsMakeTheTablesFeasible() throws {
        let search = try TinySearch(device: "unit")
        let before = try search.uncompressed().totals
        let widths = DesignSpace(weightBits: [8, 4, 2], activationBits: [8], moves: [[]])
        let outcome = try search.run(["flash<=100 B", "ram<=\(before.ramBytes) B"], space: widths)
        #expect(outcome.status == .infeasible && outcome.chosen == nil)
        let found = outcome.conflict
        let conflict = try #require(found)
        #expect(conflict.quantities == [.flash])
        for relaxation in conflict.relaxations where relaxation.quantity == .flash {
            let least = try #require(relaxation.least)
            let place = try #require(
                OptionTables.Resource.allCases.first { $0.quantity == relaxation.quantity }?.rawValue)
            #expect(relaxation.limit == outcome.problem.budgets[place].limit && relaxation.isExact)
            let solver = ExactSolver()
            #expect(solver.solve(outcome.problem.withLimit(least, ofBudget: place)).solution != nil)
            #expect(solver.solve(outcome.problem.withLimit(least - 1, ofBudget: place)).status == .infeasible)
        }
        #expect(conflict.relaxations.contains { $0.quantity == .flash })
        #expect(conflict.relaxations.allSatisfy { $0.quantity == .flash || $0.least == nil })
    }

    /// Each budget is out of reach by itself; each gets the limit that would do without the other.
    @Test func severalConflictsAreAllNamed() throws {
        let widths = DesignSpace(weightBits: [8, 4, 2], activationBits: [8], moves: [[]])
        let outcome = try TinySearch(device: "unit").run(["flash<=100 B", "latency<=1 us"], space: widths)
        let found = outcome.conflict
        let conflict = try #require(found)
        #expect(conflict.quantities == [.latency, .flash])
        #expect(Set(conflict.relaxations.map(\.quantity)) == [.latency, .flash])
        for relaxation in conflict.relaxations {
            #expect(relaxation.isExact && (relaxation.least ?? 0) > (relaxation.limit ?? .max))
        }
    }

    /// Savings of layers that prune each other's channels overlap, so that the sums are smaller than any whole network.
    @Test func sumsThatPromiseTooMuchAreAConflict() throws {
        let outcome = try TinySearch(device: "unit").run(["flash<=20 B"])
        let found = outcome.conflict
        let conflict = try #require(found)
        #expect(outcome.chosen == nil && conflict.quantities == [.flash])
        let flash = try #require(conflict.relaxations.first { $0.quantity == .flash })
        #expect(flash.limit == 20 && (flash.achieved ?? 0) > 20)
    }

    @Test func anImpossibleAccuracyIsAConflict() throws {
        let outcome = try TinySearch(device: "unit").run(["accuracy-drop<=-50"])
        #expect(outcome.status == .infeasible && outcome.chosen == nil)
        #expect(outcome.conflict?.quantities == [.accuracyDrop])
        #expect(outcome.conflict?.relaxations.first?.limit == -50_000_000)
    }

    @Test func latencyIsMinimizedWithinTheAccuracy() throws {
        let search = try TinySearch(device: "nucleo-l4r5zi")
        let outcome = try search.run(["accuracy-drop<=10"], minimized: .latency)
        let chosen = try #require(outcome.chosen)
        let reference = try #require(outcome.reference)
        #expect(try #require(chosen.drop(against: reference)) <= 10_000_000)
        #expect(chosen.cost.cycles < outcome.uncompressed.cost.cycles)
        for other in outcome.finalists where (other.drop(against: reference) ?? .max) <= 10_000_000 {
            #expect(chosen.cost.cycles <= other.cost.cycles)
        }
    }

    @Test func energyNeedsEnergyFacts() throws {
        var search = try TinySearch(device: "nucleo-l4r5zi")
        #expect(try search.run(["energy<=1 J"]).chosen != nil)
        search.device.energy = EnergyFacts()
        #expect(throws: EstimateRefusal.noEnergy(device: "nucleo-l4r5zi")) { try search.run(["energy<=1 J"]) }
    }

    /// Without any budget, the memories of the device are limits.
    @Test func aNetworkThatDoesNotFitIsMadeToFit() throws {
        var search = try TinySearch(device: "unit")
        let before = try search.uncompressed().totals
        for place in search.device.memories.indices {
            let isFlash = search.device.memories[place].holds.contains(.weights)
            search.device.memories[place].size = Bytes(isFlash ? before.flashBytes * 2 / 3 : before.ramBytes * 2 / 3)
        }
        let outcome = try search.run([])
        let chosen = try #require(outcome.chosen, "\(String(describing: outcome.conflict))")
        #expect(!outcome.uncompressed.shortages.isEmpty && chosen.shortages.isEmpty)
        #expect(try search.estimate(chosen.compressed).totals.flashBytes <= before.flashBytes * 2 / 3)
        for place in search.device.memories.indices { search.device.memories[place].size = Bytes(64) }
        let conflict = try #require(try search.run([]).conflict)
        #expect(Set(conflict.quantities).isSubset(of: [.flash, .ram]) && !conflict.quantities.isEmpty)
        #expect(conflict.basis.contains("do not fit"))
    }

    @Test func weightsAndActivationsShareAMemory() throws {
        var search = try TinySearch(device: "unit")
        let before = try search.uncompressed().totals
        var memory = try #require(search.device.memories.first)
        memory.holds = [.code, .weights, .activations]
        memory.size = Bytes((before.flashBytes + before.ramBytes) * 3 / 4)
        search.device.memories = [memory]
        let outcome = try search.run([])
        #expect(!outcome.uncompressed.shortages.isEmpty)
        #expect(outcome.chosen.map(\.shortages) == [])
    }

    @Test func integerNetworksAreSearchedOnWeightBits() throws {
        let float = try TinySearch(device: "unit").evaluator()
        let search = try TinySearch(device: "unit", network: float.compress(float.baseline).network)
        #expect(
            Candidate.baseline(of: search.network).assignments.allSatisfy {
                $0.choice == LayerChoice(weightBits: 8, activationBits: nil)
            })
        let before = try search.uncompressed().totals
        let space = DesignSpace(weightBits: [8, 6, 4, 2], activationBits: [8, 4], moves: [[]])
        let budgets = ["flash<=\(before.flashBytes - 300) B"]
        let outcome = try search.run(budgets, space: space)
        let chosen = try #require(outcome.chosen, "\(String(describing: outcome.conflict))")
        #expect(try search.estimate(chosen.compressed).totals.flashBytes <= before.flashBytes - 300)
        #expect(chosen.candidate.assignments.contains { ($0.choice.weightBits ?? 8) < 8 })
        #expect(try traces(outcome) == traces(search.run(budgets, space: space, threads: 1)))
    }
}
