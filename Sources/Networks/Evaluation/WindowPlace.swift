import Tensors

/// The part of an image under a window at one output place, padding left out.
struct WindowPlace {
    /// Kernel rows and columns that lie in the image.
    let rows: Range<Int>
    let columns: Range<Int>
    /// Image row and column under kernel row and column 0; negative in the padding.
    let top: Int
    let left: Int
    let rowStep: Int
    let columnStep: Int

    init(_ window: Window, image: Shape, kernelHeight: Int, kernelWidth: Int, row: Int, column: Int) {
        top = row * window.strideHeight - window.padding.top
        left = column * window.strideWidth - window.padding.left
        (rowStep, columnStep) = (window.dilationHeight, window.dilationWidth)
        rows = WindowPlace.inside(start: top, step: rowStep, kernel: kernelHeight, extent: image[1])
        columns = WindowPlace.inside(start: left, step: columnStep, kernel: kernelWidth, extent: image[2])
    }

    private static func inside(start: Int, step: Int, kernel: Int, extent: Int) -> Range<Int> {
        let first = start >= 0 ? 0 : (-start + step - 1) / step
        let end = start >= extent ? 0 : min(kernel, (extent - 1 - start) / step + 1)
        return min(first, end)..<end
    }

    /// Kernel and image positions in order: kernel row, then kernel column.
    var positions: [(kernelRow: Int, kernelColumn: Int, row: Int, column: Int)] {
        rows.flatMap { kernelRow in
            columns.map { kernelColumn in
                (kernelRow, kernelColumn, top + kernelRow * rowStep, left + kernelColumn * columnStep)
            }
        }
    }
}

extension Window {
    /// Calls `body` for every image and output place, in row-major order.
    func forEachPlace(
        image: Shape, output: Shape, kernelHeight: Int, kernelWidth: Int, _ body: (Int, WindowPlace) throws -> Void
    ) rethrows {
        for batch in 0..<output[0] {
            for row in 0..<output[1] {
                for column in 0..<output[2] {
                    let place = WindowPlace(
                        self, image: image, kernelHeight: kernelHeight, kernelWidth: kernelWidth, row: row,
                        column: column)
                    try body(batch, place)
                }
            }
        }
    }
}
