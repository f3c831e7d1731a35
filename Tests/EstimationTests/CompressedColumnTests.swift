import Estimation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Compressed columns (EIE)")
struct CompressedColumnTests {
    private func layer(_ array: SparseArray, _ workload: Workload) throws -> LayerEstimate {
        try Estimator(device: LaneLayers.device(.sparseArray(array)), runtime: nil).estimate(workload).get().layers[0]
    }

    /// Every column of a random matrix through queues of real depth: an element starts a column when it is done with the
    /// one before, and a column is broadcast when every queue has a place.
    private func simulated(
        outputs: Int, columns: Int, density: Double, elements: Int, depth: Int, seed: UInt64
    ) -> Int {
        var draws = Draws(seed: seed)
        var free = [[Int]](repeating: [Int](repeating: 0, count: elements), count: depth)
        var done = [Int](repeating: 0, count: elements)
        var broadcast = 0
        for column in 0..<columns {
            broadcast = column == 0 ? 0 : broadcast + 1
            if column >= depth { broadcast = max(broadcast, free[column % depth].max() ?? 0) }
            for element in 0..<elements {
                var (entries, gap) = (0, 0)
                for _ in stride(from: element, to: outputs, by: elements) {
                    if draws.next() < density {
                        entries += 1 + gap / 16
                        gap = 0
                    } else {
                        gap += 1
                    }
                }
                done[element] = max(done[element], broadcast) + max(1, entries)
            }
            free[column % depth] = done
        }
        return done.max() ?? 0
    }

    @Test(
        "random matrices through an exact simulation of the queues take what the closed form says",
        arguments: [
            (4096, 0.09, 64, 8), (4096, 0.09, 64, 2), (4096, 0.09, 64, 32), (1000, 0.25, 64, 8), (640, 0.5, 16, 4),
            (256, 0.3, 256, 8), (2048, 0.02, 32, 8), (300, 0.8, 8, 16),
        ])
    func queues(outputs: Int, density: Double, elements: Int, depth: Int) throws {
        let columns = 1500
        let array = LaneLayers.sparse(.compressedColumns, columns: elements, queueDepth: depth)
        let estimate = try layer(
            array, LaneLayers.matrix(outputs: outputs, inputs: columns, weightDensity: density))
        let exact = simulated(
            outputs: outputs, columns: columns, density: density, elements: elements, depth: depth, seed: 5)
        let ratio = Double(estimate.cycles.total) / Double(exact)
        #expect(abs(ratio - 1) < 0.06, "\(estimate.cycles.total) of \(exact)")
    }

    /// EIE table of AlexNet layers: 30.3, 12.2 and 9.9 us (ACC-142, ACC-150, ACC-158), 1.88e4 frame/s together (ACC-215);
    /// post-layout cycle model of the authors with their own pruned matrices, which nobody has here.
    @Test("AlexNet on 64 elements: FC6 and FC7 within 7 %, FC8 within 19 %, their sum within 7 % of the paper")
    func published() throws {
        let device = try Profiles.library.device(named: "eie-64").subject
        let rows = [
            (4096, 9216, 0.09, 0.351, 30.3e-6, 0.07), (4096, 4096, 0.09, 0.353, 12.2e-6, 0.07),
            (1000, 4096, 0.25, 0.375, 9.9e-6, 0.19),
        ]
        let estimator = try Estimator(device: device, runtime: nil)
        var sum = 0.0
        for (outputs, inputs, weights, activations, seconds, bound) in rows {
            let workload = LaneLayers.matrix(
                outputs: outputs, inputs: inputs, weightBits: 4, activationBits: 16, weightDensity: weights,
                activationDensity: activations)
            let estimate = try estimator.estimate(workload).get()
            sum += estimate.totals.latencySeconds
            #expect(abs(estimate.totals.latencySeconds / seconds - 1) < bound, "\(estimate.totals.latencySeconds)")
            #expect(estimate.assumptions.contains { $0.contains("spread at random") })
        }
        #expect(abs(sum * 18_800 - 1) < 0.08)
    }

    @Test("the load of the fullest element comes from the real matrix")
    func realMatrix() throws {
        let array = LaneLayers.sparse(.compressedColumns, columns: 8)
        func counted(_ counts: [Int]) throws -> LayerEstimate {
            let nonzeros = NonzeroStructure(perOutput: counts, fullestBlocks: [2, 4, 8, 16], setBits: nil)
            return try layer(array, LaneLayers.matrix(outputs: 64, inputs: 1000, nonzeros: nonzeros))
        }
        let even = try counted([Int](repeating: 125, count: 64))
        let uneven = try counted((0..<64).map { $0 % 8 == 3 ? 1000 : 0 })
        #expect(even.executedMacs >= 8000 && even.cycles[.loadImbalance] < even.cycles.total / 2)
        // One element holds all 8,000 weights: eight entries in each of 1000 columns.
        #expect(uneven.cycles.total == 8000)
        #expect(uneven.cycles.bound == .loadImbalance)
    }

    @Test("gaps longer than an index counts take fillers; a full matrix takes none")
    func fillers() throws {
        let array = LaneLayers.sparse(.compressedColumns, columns: 1)
        let full = try layer(array, LaneLayers.matrix(outputs: 320, inputs: 100))
        #expect(full.cycles.total == 32_000 && full.executedMacs == 32_000)
        // 320 places of density 1/100: 3.2 weights, and p (1-p)^16k for each place behind 16k others.
        let thin = try layer(array, LaneLayers.matrix(outputs: 320, inputs: 100, weightDensity: 0.01))
        let gap = (0..<16).reduce(1.0) { product, _ in product * 0.99 }
        var (entries, chance) = (3.2, gap)
        for place in stride(from: 16, to: 320, by: 16) {
            entries += Double(320 - place) * 0.01 * chance
            chance *= gap
        }
        #expect(abs(Double(thin.executedMacs) - 100 * entries) <= 1)
        #expect(thin.executedMacs > 3 * 320)
    }
}
