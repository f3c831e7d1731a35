import Diagnostics
public import Tensors
public import Workloads

/// An image whose every pixel is a copy of one of a row of pixels: `batch x 1 x pixels x channels` becomes
/// `batch x height x width x channels`.
public struct PixelCopy: Operator {
    public static let name = "pixelCopy"

    public var height: Int
    public var width: Int
    /// For every pixel of the image, row by row, the place in the row of pixels.
    public var sources: [Int]

    public init(height: Int, width: Int, sources: [Int]) {
        self.height = height
        self.width = width
        self.sources = sources
    }

    public var computeClass: ComputeClass { .dataMovement }
    public var storedList: StoredList? { StoredList(count: sources.count, largest: sources.max() ?? 0) }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, inputs[0].rank == 4, inputs[0][1] == 1, height > 0, width > 0,
            sources.count == height.multipliedReportingOverflow(by: width).partialValue,
            sources.allSatisfy({ (0..<inputs[0][2]).contains($0) }),
            let shape = Shape(checking: [inputs[0][0], height, width, inputs[0][3]])
        else { throw Diagnostic("\(sources.count) sources do not make \(height)x\(width) of \(inputs)") }
        return [shape]
    }
}

extension PixelCopy {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (pixels, channels) = (operands[0].shape[2], operands[0].shape[3])
        let order = { (place: Int) -> Int? in
            let (batch, pixel) = (place / channels / sources.count, place / channels % sources.count)
            return (batch * pixels + sources[pixel]) * channels + place % channels
        }
        return [try arithmetic.moved(operands[0], to: results[0], order: order)]
    }
}
