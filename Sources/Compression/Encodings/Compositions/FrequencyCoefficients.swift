import Diagnostics
public import Tensors

/// Kernels as cosine coefficients: those of a shared centre plus a sparse private rest.
///
/// Parts: `centres`, reals of each centre in turn; `assignments`, a centre for each kernel; `step`, one real; `gaps` and `levels`, an
/// entry each: the number of zero coefficients since the entry before, and the rest as a multiple of the step in two's
/// complement, or as a real of 32 bits. A gap of all ones with a level of 0 bridges a longer one. Kernels lie along the first
/// and last axis of the weights, and are counted in the order of the constant.
public struct FrequencyCoefficients: CompositionForm {
    /// Kernels may be so high and wide.
    package static let largestExtent = 64

    public init() {}

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        guard shape.rank == 4, shape.elementCount > 0, max(shape[1], shape[2]) <= Self.largestExtent else {
            throw Diagnostic("cosine coefficients for weights of \(shape)")
        }
        let (places, channels) = (shape[1] * shape[2], shape[3])
        let kernels = shape[0] * channels
        let centres = try composition.part("centres").reals.map(Double.init)
        let assignments = try composition.part("assignments").patterns
        guard assignments.count == kernels, assignments.allSatisfy({ (Int($0) + 1) * places <= centres.count }) else {
            throw Diagnostic("\(assignments.count) kernels of \(centres.count / places) centres for \(kernels)")
        }
        let rests = try rests(of: composition, count: kernels * places)
        let transform = CosineTransform(height: shape[1], width: shape[2])
        var elements = [Float](repeating: 0, count: shape.elementCount)
        for (kernel, centre) in assignments.enumerated() {
            let coefficients = (0..<places).map { centres[Int(centre) * places + $0] + rests[kernel * places + $0] }
            let start = kernel / channels * places * channels + kernel % channels
            for (place, real) in transform.inverse(coefficients).enumerated() {
                elements[start + place * channels] = Float(real)
            }
        }
        return elements
    }

    /// The private part of every coefficient, kernel by kernel.
    private func rests(of composition: WeightComposition, count: Int) throws -> [Double] {
        let (gaps, levels) = (try composition.part("gaps"), try composition.part("levels"))
        guard let step = try composition.part("step").reals.first, gaps.patterns.count == levels.patterns.count,
            gaps.width > 0
        else { throw Diagnostic("\(gaps.patterns.count) gaps for \(levels.patterns.count) levels") }
        var (rests, next) = ([Double](repeating: 0, count: count), 0)
        let unused = UInt32(32 - levels.width)
        for (gap, level) in zip(gaps.patterns, levels.patterns) {
            next += Int(gap)
            guard next < count else { throw Diagnostic("a coefficient behind the last one") }
            rests[next] =
                levels.width == 32
                ? Double(Float(bitPattern: level))
                : Double(Int32(bitPattern: level << unused) >> Int32(unused)) * Double(step)
            next += 1
        }
        return rests
    }
}
