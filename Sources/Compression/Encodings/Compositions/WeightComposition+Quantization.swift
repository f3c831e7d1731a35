import FixedPoint
import Tensors

extension WeightComposition {
    /// The same composition of integers on a grid, its stored numbers rounded; nil where elements are no such numbers, where a
    /// number would need several scales, or where a sum leaves the grid.
    ///
    /// Numbers take the width of the grid; all of them more where terms that cancel need it. A part in words stays in words where
    /// these are smaller.
    ///
    /// - Parameters:
    ///   - held: the grid of the integers that the numbers are now, or nil for reals.
    ///   - rounding: makes a number, in steps of its scale, an integer; the number's place comes with it.
    /// - Throws: `Diagnostic` when the parts do not suit the rule or the shape.
    func quantized(
        shape: Shape, from held: Quantization?, on grid: Quantization,
        rounding: (_ steps: Double, _ place: Int) -> Double = { steps, _ in steps.rounded() }
    ) throws -> WeightComposition? {
        guard let numbers = try rule.form.numbers(of: self, shape: shape, axis: grid.axis ?? held?.axis),
            let index = parts.firstIndex(where: { $0.name == numbers.part })
        else { return nil }
        let several = grid.scales.count > 1 || held.map { $0.scales.count > 1 } ?? false
        guard !several || numbers.channels != nil else { return nil }
        let limit = numbers.terms == 1 ? Double(grid.format.maximum) : 0x1p23
        let integers = parts[index].numbers.enumerated().map { place, number in
            let channel = numbers.channels?[place] ?? 0
            let real = Double(number) * (held.map { Double($0.scale(ofChannel: channel)) } ?? 1)
            let steps = rounding(real / Double(grid.scale(ofChannel: channel)), place)
            // A number that no element takes may be anything.
            return steps.isNaN ? 0 : Int(min(max(steps, -limit), limit))
        }
        let width = integers.reduce(grid.format.bits) { max($0, StoredPart.bits(of: $1)) }
        var result = self
        result.parts[index] = StoredPart(numbers.part, integers: integers, width: width).coded(as: [parts[index].coding]
        )
        let elements = try result.elements(shape: shape)
        return elements.allSatisfy { grid.format.contains(Int($0)) } ? result : nil
    }

    /// The same composition of the reals for which the integers of a grid stand.
    func reals(shape: Shape, on grid: Quantization) throws -> WeightComposition {
        guard let numbers = try rule.form.numbers(of: self, shape: shape, axis: grid.axis),
            let index = parts.firstIndex(where: { $0.name == numbers.part })
        else { return self }
        var result = self
        let reals = parts[index].numbers.enumerated().map { $1 * grid.scale(ofChannel: numbers.channels?[$0] ?? 0) }
        result.parts[index] = StoredPart(numbers.part, reals: reals).coded(as: [parts[index].coding])
        return result
    }

    /// The composition of integers on a grid that are computed as the elements are now, then rounded; what was rounded before
    /// is rounded once.
    ///
    /// - Parameter held: the grid of the integers that the elements are now, or nil for reals.
    func rounded(from held: Quantization?, on grid: Quantization) throws -> WeightComposition {
        var (rule, kept, steps, axis) = (rule, parts, [Float(1)], grid.axis ?? held?.axis)
        if case .roundedValues(let before) = rule {
            steps = try part("scales").reals
            (rule, kept, axis) = (before.rule, parts.filter { $0.name != "scales" }, axis ?? before.axis)
        }
        let channels = max(grid.scales.count, held?.scales.count ?? 1, steps.count)
        let scales = (0..<channels).map { channel in
            let step = Double(steps[steps.count == 1 ? 0 : channel])
            let finer = held.map { Double($0.scale(ofChannel: channel)) } ?? 1
            return Float(step * Double(grid.scale(ofChannel: channel)) / finer)
        }
        let form = RoundedValues(rule, axis: axis, bits: grid.format.bits)
        return WeightComposition(.roundedValues(form), parts: kept + [StoredPart("scales", reals: scales)])
    }
}

extension Quantization {
    /// The scale of a channel; the one scale where all share it.
    func scale(ofChannel channel: Int) -> Float { scales[scales.count == 1 ? 0 : channel] }
}
