import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// An image of another height and width whose pixels are weighed means of the four around their place.
public struct BilinearResize: Operator {
    public static let name = "bilinearResize"

    public var height: Int
    public var width: Int
    public var sampling: Sampling

    public init(height: Int, width: Int, sampling: Sampling) {
        (self.height, self.width, self.sampling) = (height, width, sampling)
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        [try Sampling.resized(inputs, height: height, width: width)]
    }
}

extension BilinearResize {
    /// On integers, which keep their grid, by the runtime's `interpolation`; wider ones than 8 bits with 10 fraction bits.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, result) = (operands[0], results[0])
        let image = operand.shape
        guard let input = operand.quantization, let integers = operand.tensor.integers else {
            try result.requireReal()
            let places = BilinearPlaces(
                rows: sampling.realPlaces(from: image[1], to: height),
                columns: sampling.realPlaces(from: image[2], to: width), image: image)
            return [Tensor(result.shape, places.map(operand.reals, BilinearPlaces.real))]
        }
        let grid = OutputGrid(try result.requiredQuantization())
        let elements: [Int]
        if arithmetic.runtime.interpolation == .elevenBits, input.format.bits == 8 {
            let places = BilinearPlaces(
                rows: sampling.clampedPlaces(from: image[1], to: height),
                columns: sampling.clampedPlaces(from: image[2], to: width), image: image)
            elements = places.map(integers, BilinearPlaces.elevenBits)
        } else {
            let places = BilinearPlaces(
                rows: sampling.tenBitPlaces(from: image[1], to: height),
                columns: sampling.tenBitPlaces(from: image[2], to: width), image: image)
            elements = places.map(integers, BilinearPlaces.tenBits)
        }
        return [try Tensor.result(elements.map { grid.element($0 - grid.zeroPoint) }, as: result)]
    }
}
