import Networks
import Tensors
import Workloads

extension Reshape: GradientCarrying {}
extension Transpose: GradientCarrying {}
extension Concatenation: GradientCarrying {}
extension Padding: GradientCarrying {}
extension StridedSlice: GradientCarrying {}
extension NearestResize: GradientCarrying {}
extension PixelCopy: GradientCarrying {}

extension Addition: GradientCarrying {}
extension Subtraction: GradientCarrying {}
extension Multiplication: GradientCarrying {}
extension BatchNormalization: GradientCarrying {}
extension Rectifier: GradientCarrying {}
extension LeakyRectifier: GradientCarrying {}
extension ParametricRectifier: GradientCarrying {}
extension HardSwish: GradientCarrying {}
extension Sigmoid: GradientCarrying {}
extension HyperbolicTangent: GradientCarrying {}

extension GradientCarrying {
    /// Movements follow where each element came from; functions element by element are measured.
    func slopes(ofInput index: Int, at record: NodeRecord) throws -> [Double] {
        switch computeClass {
        case .dataMovement, .free: try record.movedSlopes(ofInput: index)
        case .elementwise, .transcendental: try record.elementSlopes(ofInput: index)
        case .convolution, .depthwise, .fullyConnected, .pooling:
            preconditionFailure("\(name) says itself how gradients pass")
        }
    }
}

extension NodeRecord {
    /// Each slope goes to the element that was moved there, found by moving the elements' numbers.
    fileprivate func movedSlopes(ofInput index: Int) throws -> [Double] {
        let own = inputs[index].shape.elementCount
        precondition(own < 1 << 24, "more elements than float32 can number")
        let numbered = inputs.indices.map { place in
            let shape = inputs[place].shape
            let numbers = (1...max(shape.elementCount, 1)).map { place == index ? Float($0) : 0 }
            return Tensor(shape, Array(numbers.prefix(shape.elementCount)))
        }
        let zeros = inputs.map { Tensor($0.shape, [Float](repeating: 0, count: $0.shape.elementCount)) }
        let (numbers, fills) = (try evaluate(numbered), try evaluate(zeros))
        var slopes = [Double](repeating: 0, count: own)
        for (place, number) in numbers.enumerated() where number != fills[place] {
            slopes[Int(number) - 1] += slope[place]
        }
        return slopes
    }

    /// Central differences of the operator itself, all elements of the operand at once.
    fileprivate func elementSlopes(ofInput index: Int) throws -> [Double] {
        let values = inputs[index].floats
        let steps = values.map { max(abs($0), 1) / 512 }
        func moved(_ sign: Float) throws -> [Float] {
            var moved = inputs
            moved[index] = Tensor(
                inputs[index].shape, values.indices.map { values[$0] + sign * steps[$0] })
            return try evaluate(moved)
        }
        let (above, below) = (try moved(1), try moved(-1))
        var slopes = [Double](repeating: 0, count: values.count)
        for (place, source) in result.shape.places(broadcast: inputs[index].shape).enumerated() {
            slopes[source] += slope[place] * Double(above[place] - below[place]) / Double(2 * steps[source])
        }
        return slopes
    }
}

extension Shape {
    /// For each element of this shape, the element of an operand that is repeated along axes of extent 1 or missing ones.
    func places(broadcast operand: Shape) -> [Int] {
        if operand == self { return Array(0..<elementCount) }
        var (steps, stride) = ([Int](repeating: 0, count: rank), 1)
        for axis in (0..<operand.rank).reversed() {
            if operand[axis] > 1 { steps[axis + rank - operand.rank] = stride }
            stride *= operand[axis]
        }
        return (0..<elementCount).map { place in
            var (rest, source) = (place, 0)
            for axis in (0..<rank).reversed() {
                source += rest % self[axis] * steps[axis]
                rest /= self[axis]
            }
            return source
        }
    }
}
