import Estimation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Winograd transforms")
struct WinogradTests {
    private func kernel(tile: Int, gathered: Int = 0) -> Kernel {
        Kernel(
            name: "winograd", computeClasses: [.convolution], pointwiseOnly: false, weightBits: 8...8,
            activationBits: 8...8, isFloat: false, weightForms: [.dense], method: .winograd, gatheredBits: 16,
            gatheredPatches: 2, block: .init(pixels: 1, channels: 1), step: 1,
            inner: Fixtures.mix([.multiplyAccumulate: 1]), perBlock: .none, perOutput: Fixtures.mix([.arithmetic: 1]),
            perGathered: Fixtures.mix([.vectorArithmetic: gathered]), perRow: .none, perCall: .none,
            skipsZeroWeights: false, codeSize: Bytes(0), tile: tile)
    }

    private func estimate(_ kernel: Kernel, size: Int = 6) throws -> Estimate {
        try Estimator(device: Fixtures.device(.processor(Fixtures.core())), runtime: Fixtures.runtime([kernel]))
            .estimate(Fixtures.convolution(size: size, channels: 2, kernel: 3, filters: 5)).get()
    }

    @Test("16 products for 4 outputs, 36 for 16: F(2x2, 3x3) and F(4x4, 3x3) of Lavin and Gray, arXiv 1509.09308")
    func products() throws {
        // 4x4 outputs: 4 tiles of 16 positions, or one of 36; 2 input channels, 5 filters, 80 outputs.
        #expect(try estimate(kernel(tile: 2)).totals.executedMacs == 4 * 16 * 2 * 5)
        #expect(try estimate(kernel(tile: 2)).totals.cycles == 640 + 80)
        #expect(try estimate(kernel(tile: 4)).totals.executedMacs == 36 * 2 * 5)
        #expect(try estimate(kernel(tile: 4)).totals.macs == 1440)
        // 5x5 outputs fill the same number of tiles as 8x8.
        #expect(try estimate(kernel(tile: 4), size: 7).totals.executedMacs == 4 * 36 * 2 * 5)
    }

    @Test("each transformed element is paid once, and its patches lie in RAM")
    func transforms() throws {
        let with = try estimate(kernel(tile: 2, gathered: 3))
        #expect(with.layers[0].cycles[.gathering] == 3 * 4 * 16 * 2)
        // Two patches of 16 positions, 2 channels and 2 bytes beside the input of 72 and the output of 80 bytes.
        #expect(with.totals.ramBytes == 72 + 80 + 2 * 16 * 2 * 2)
    }

    @Test("other windows than 3x3 with stride 1 are refused")
    func windows() throws {
        var workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5)
        workload.layers[0].loops.strideWidth = 2
        let device = Fixtures.device(.processor(Fixtures.core()))
        let result = try Estimator(device: device, runtime: Fixtures.runtime([kernel(tile: 2)])).estimate(workload)
        let reason = "bench runtime has no convolution kernel for this window"
        #expect(result == .failure(.unsupported([UnsupportedLayer(layer: "conv", reason: reason)])))
    }
}
