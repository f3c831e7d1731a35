import Scheduling
import Testing
import Workloads

@Suite("Loop counts")
struct LoopCountTests {
    @Test("window positions inside the image equal a count one by one")
    func positionsInside() {
        for extent in 1...7 {
            for (kernel, stride, dilation, padding) in [
                (3, 1, 1, 1), (3, 2, 1, 0), (5, 2, 1, 2), (3, 1, 2, 2), (1, 2, 1, 0), (7, 3, 1, 3),
            ] {
                let outputs = max(1, (extent + 2 * padding - (kernel - 1) * dilation - 1) / stride + 1)
                var loops = LoopNest()
                loops.inputHeight = extent
                loops.outputHeight = outputs
                loops.kernelHeight = kernel
                loops.strideHeight = stride
                loops.dilationHeight = dilation
                loops.paddingTop = padding
                var inside = 0
                for output in 0..<outputs {
                    for tap in 0..<kernel {
                        if (0..<extent).contains(output * stride - padding + tap * dilation) { inside += 1 }
                    }
                }
                #expect(loops.windowPositionsInside == inside)
            }
        }
    }
}
