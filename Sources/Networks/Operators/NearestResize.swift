import Diagnostics
import Foundation
public import Tensors
public import Workloads

/// An image of another height and width whose pixels are copies of the nearest ones.
public struct NearestResize: Operator {
    public static let name = "nearestResize"

    public var height: Int
    public var width: Int
    public var sampling: Sampling

    public init(height: Int, width: Int, sampling: Sampling) {
        (self.height, self.width, self.sampling) = (height, width, sampling)
    }

    public var computeClass: ComputeClass { .dataMovement }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        [try Sampling.resized(inputs, height: height, width: width)]
    }
}

extension NearestResize {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let image = operands[0].shape
        let rows = sampling.nearest(from: image[1], to: height)
        let columns = sampling.nearest(from: image[2], to: width)
        let order = { (place: Int) -> Int? in
            let (pixel, channel) = (place / image[3], place % image[3])
            let (line, batch) = (rows[pixel / width % height], pixel / (width * height))
            return ((batch * image[1] + line) * image[2] + columns[pixel % width]) * image[3] + channel
        }
        return [try arithmetic.moved(operands[0], to: results[0], order: order)]
    }
}
