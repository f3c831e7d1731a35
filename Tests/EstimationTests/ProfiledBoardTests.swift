import Diagnostics
import Estimation
import Foundation
import Hardware
import Scheduling
import Testing
import Workloads

@Suite("Boards by their profiles")
struct ProfiledBoardTests {
    private let library = Profiles.library

    @Test("every device is estimated or refused with a reason")
    func everyDevice() throws {
        var estimated = 0
        for name in library.deviceNames {
            let device = try library.device(named: name).subject
            let runtime = try device.defaultRuntime.map { try library.runtime(named: $0).subject }
            let workload = Fixtures.convolution(size: 12, channels: 8, kernel: 3, filters: 16)
            do {
                let estimator = try Estimator(device: device, runtime: runtime)
                let estimate = try estimator.estimate(workload).get()
                #expect(estimate.totals.cycles > 0)
                let storage = estimator.model.scheduler.engine.storage
                #expect(estimate.schedule.faults(for: workload, on: device, storage: storage).isEmpty)
                estimated += 1
            } catch {
                #expect(!error.reasons.isEmpty)
            }
        }
        #expect(estimated >= 8)
    }

    private func cycles(_ workload: Workload, on board: String = "nucleo-l4r5zi") throws -> Estimate {
        let device = try library.device(named: board).subject
        let runtime = try library.runtime(named: "dovetail").subject
        return try Estimator(device: device, runtime: runtime).estimate(workload).get()
    }

    private func convolution(_ weights: WeightFootprint, activationBits: Int = 8) -> Workload {
        Fixtures.convolution(
            size: 18, channels: 32, kernel: 3, filters: 32, weights: weights, activationBits: activationBits)
    }

    @Test("without a native path, fewer weight bits cost unpacking and save flash")
    func weightBits() throws {
        let full = try cycles(convolution(Fixtures.weights(9216, bits: 8)))
        let half = try cycles(convolution(Fixtures.weights(9216, bits: 4)))
        #expect(half.totals.flashBytes < full.totals.flashBytes)
        #expect(half.layers[0].cycles[.unpacking] > full.layers[0].cycles[.unpacking])
        #expect(half.layers[0].cycles[.weightFetch] < full.layers[0].cycles[.weightFetch])
    }

    @Test("binary operands are counted, not multiplied")
    func binary() throws {
        let full = try cycles(convolution(Fixtures.weights(9216, bits: 8)))
        let binary = try cycles(convolution(Fixtures.weights(9216, bits: 1), activationBits: 1))
        #expect(binary.totals.cycles * 2 < full.totals.cycles)
        #expect(binary.totals.ramBytes < full.totals.ramBytes)
    }

    @Test("zeros in dense storage cost what other weights cost; stored sparse they pay only when few are left")
    func density() throws {
        let full = try cycles(convolution(Fixtures.weights(9216)))
        let zeros = try cycles(convolution(Fixtures.weights(9216, nonzero: 4608)))
        #expect(zeros.totals.cycles == full.totals.cycles)
        var last = Int.max
        for nonzero in [9216, 4608, 2304, 460] {
            let sparse = try cycles(convolution(Fixtures.weights(9216, nonzero: nonzero, storage: .bitmap)))
            #expect(sparse.totals.cycles < last)
            last = sparse.totals.cycles
        }
        let half = try cycles(convolution(Fixtures.weights(9216, nonzero: 4608, storage: .bitmap)))
        #expect(half.totals.cycles > full.totals.cycles)
        #expect(last < full.totals.cycles)
    }

    @Test("a lower rank costs fewer cycles")
    func rank() throws {
        let four = Fixtures.convolution(size: 18, channels: 4, kernel: 3, filters: 32)
        let eight = Fixtures.convolution(size: 18, channels: 8, kernel: 3, filters: 32)
        #expect(try cycles(four).totals.cycles < cycles(eight).totals.cycles)
    }

    @Test(
        "reference kernels are within a factor of two of silicon, nothing being fitted",
        .enabled(if: Profiles.hasBoards))
    func silicon() throws {
        let device = try library.device(named: "nucleo-l4r5zi").subject
        let runtime = try library.runtime(named: "tflm-reference").subject
        let estimator = try Estimator(device: device, runtime: runtime)
        for (row, benchmark) in [("MLT-013", "ad"), ("MLT-014", "ic"), ("MLT-015", "kws"), ("MLT-016", "vww")] {
            let measured = try #require(Profiles.measuredCycles(row: row))
            let workload = try #require(Profiles.workload(benchmark: benchmark))
            let ratio = Double(try estimator.estimate(workload).get().totals.cycles) / Double(measured)
            #expect((0.5...2).contains(ratio), "\(benchmark): \(ratio) of the measured cycles")
        }
    }
}
