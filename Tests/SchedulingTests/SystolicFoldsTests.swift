import Hardware
import Scheduling
import Testing
import Workloads

@Suite("Systolic folds")
struct SystolicFoldsTests {
    private func loops(pixels: Int, channels: Int, kernel: Int, filters: Int, groups: Int = 1) -> LoopNest {
        var loops = LoopNest()
        loops.groups = groups
        loops.outputHeight = pixels
        loops.inputChannels = channels
        loops.kernelHeight = kernel
        loops.kernelWidth = kernel
        loops.outputChannels = filters
        return loops
    }

    /// The closed form written out once more, from the sizes of the matrices alone.
    @Test(
        "equals the closed form",
        arguments: [(8, 8), (16, 16), (32, 32), (128, 128), (8, 32), (64, 16)], SystolicArray.Dataflow.allCases)
    func closedForm(size: (Int, Int), dataflow: SystolicArray.Dataflow) {
        let (rows, columns) = size
        for (pixels, channels, kernel, filters) in [
            (3025, 3, 11, 96), (169, 256, 3, 384), (1, 9216, 1, 4096), (7, 5, 1, 3),
        ] {
            let folds = SystolicFolds(
                loops(pixels: pixels, channels: channels, kernel: kernel, filters: filters), rows: rows,
                columns: columns, dataflow: dataflow)
            let window = Double(channels * kernel * kernel)
            let (n, m, r, c) = (Double(pixels), Double(filters), Double(rows), Double(columns))
            let expected: Double
            switch dataflow {
            case .outputStationary:
                expected = (n / r).rounded(.up) * (m / c).rounded(.up) * (window + r + c - 2) - 1
            case .weightStationary:
                expected = (window / r).rounded(.up) * (m / c).rounded(.up) * (n + 2 * r + c - 2) - 1
            case .inputStationary:
                expected = (window / r).rounded(.up) * (n / c).rounded(.up) * (m + 2 * r + c - 2) - 1
            }
            #expect(folds.computeCycles == Int(expected))
            #expect(folds.streamedCycles <= folds.computeCycles)
        }
    }

    @Test("a layer in groups takes each group's folds")
    func groups() {
        let one = SystolicFolds(
            loops(pixels: 100, channels: 1, kernel: 3, filters: 1), rows: 8, columns: 8, dataflow: .outputStationary)
        let many = SystolicFolds(
            loops(pixels: 100, channels: 1, kernel: 3, filters: 1, groups: 24), rows: 8, columns: 8,
            dataflow: .outputStationary)
        #expect(one.computeCycles == 13 * (9 + 14) - 1)
        #expect(many.computeCycles == 24 * one.computeCycles)
    }
}
