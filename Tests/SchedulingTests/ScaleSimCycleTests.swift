import Foundation
import Hardware
import Scheduling
import Testing
import Workloads

/// Compute cycles against SCALE-Sim 3.0.0, run by layer; its outputs count `ceil((input - kernel) / stride) + 1`.
@Suite("SCALE-Sim's cycles")
struct ScaleSimCycleTests {
    /// Input height and width, kernel height and width, channels, filters, stride.
    private func loops(_ sizes: [Int]) -> LoopNest {
        var loops = LoopNest()
        (loops.inputHeight, loops.inputWidth, loops.kernelHeight, loops.kernelWidth) = (
            sizes[0], sizes[1], sizes[2], sizes[3]
        )
        (loops.inputChannels, loops.outputChannels) = (sizes[4], sizes[5])
        (loops.strideHeight, loops.strideWidth) = (sizes[6], sizes[6])
        loops.outputHeight = (sizes[0] - sizes[2] + sizes[6] - 1) / sizes[6] + 1
        loops.outputWidth = (sizes[1] - sizes[3] + sizes[6] - 1) / sizes[6] + 1
        return loops
    }

    private static let dataflows: [(String, SystolicArray.Dataflow)] = [
        ("os", .outputStationary), ("ws", .weightStationary), ("is", .inputStationary),
    ]

    /// Whole simulations, memories included: windows of the whole image, strides beyond the window, single pixels.
    @Test(
        "equal on corner cases",
        arguments: [
            ([7, 7, 3, 3, 5, 11, 1], (8, 8), [471, 563, 791]),
            ([7, 7, 3, 3, 5, 11, 1], (4, 12), [412, 515, 1043]),
            ([9, 6, 1, 1, 17, 13, 1], (8, 8), [433, 455, 734]),
            ([9, 6, 1, 1, 17, 13, 2], (16, 4), [279, 431, 469]),
            ([5, 5, 5, 5, 3, 9, 1], (8, 8), [177, 459, 309]),
            ([1, 1, 1, 1, 40, 21, 1], (16, 16), [139, 281, 200]),
            ([1, 1, 1, 1, 40, 21, 1], (8, 32), [77, 234, 334]),
            ([11, 9, 2, 2, 4, 6, 5], (8, 8), [59, 61, 111]),
            ([11, 9, 2, 2, 4, 6, 5], (3, 5), [131, 215, 179]),
            ([8, 8, 2, 2, 3, 7, 3], (32, 8), [49, 78, 153]),
            ([10, 3, 10, 1, 2, 16, 1], (1, 8), [161, 439, 479]),
            ([6, 6, 3, 3, 1, 1, 1], (8, 8), [45, 75, 91]),
            ([6, 6, 3, 3, 1, 1, 2], (16, 1), [23, 39, 287]),
            ([12, 12, 4, 4, 8, 8, 4], (64, 16), [205, 301, 299]),
            ([4, 14, 3, 5, 6, 33, 3], (12, 20), [239, 799, 599]),
            ([13, 13, 3, 3, 8, 24, 1], (16, 16), [1631, 1669, 2799]),
        ] as [([Int], (Int, Int), [Int])])
    func corners(sizes: [Int], array: (Int, Int), cycles: [Int]) {
        for (index, dataflow) in Self.dataflows.enumerated() {
            let folds = SystolicFolds(loops(sizes), rows: array.0, columns: array.1, dataflow: dataflow.1)
            #expect(folds.computeCycles == cycles[index])
        }
    }

    @Test("equal on every layer of AlexNet, ResNet-18 and two MobileNets, eight arrays, three dataflows")
    func topologies() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "Traces/scalesim/cycles.csv"), encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
        let header = try #require(lines.first)
        var compared = 0
        for line in lines.dropFirst() {
            let loops = loops(line[2..<9].compactMap { Int($0) })
            for (column, cycles) in zip(header, line).dropFirst(9) {
                let words = column.split(separator: " ").map(String.init)
                let extents = words[0].split(separator: "x").compactMap { Int($0) }
                let dataflow = try #require(Self.dataflows.first { $0.0 == words[1] }).1
                let folds = SystolicFolds(loops, rows: extents[0], columns: extents[1], dataflow: dataflow)
                #expect(folds.computeCycles == Int(cycles), "\(line[0]) \(line[1]) \(column)")
                compared += 1
            }
        }
        #expect(compared == 81 * 24)
    }
}
