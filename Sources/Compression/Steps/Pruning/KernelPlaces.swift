import Networks
import Tensors

/// Where the kernels of a convolution's weights `outputs x height x width x inputs` lie, or of a depthwise one's
/// `1 x height x width x outputs`; they are numbered along the last axis first.
struct KernelPlaces {
    let outputs: Int
    /// Weights of one kernel, along its rows.
    let places: Int
    let inputs: Int

    init(_ shape: Shape) {
        (outputs, places, inputs) = (shape[0], shape[1] * shape[2], shape[3])
    }

    /// Kernels.
    var count: Int { outputs * inputs }

    func element(output: Int, place: Int, input: Int) -> Int {
        (output * places + place) * inputs + input
    }

    /// The weights of one kernel, along its rows.
    func kernel(_ kernel: Int, of reals: [Double]) -> [Double] {
        (0..<places).map { reals[element(output: kernel / inputs, place: $0, input: kernel % inputs)] }
    }
}

extension CompressedNetwork {
    /// Keeps of each kernel of a layer the places of its pattern, and stores the weights by patterns.
    ///
    /// - Parameters:
    ///   - dictionary: for each pattern, which places of a kernel it keeps.
    ///   - patterns: the pattern of each kernel, or of each input channel if the form says so.
    mutating func keep(_ dictionary: [[Bool]], patterns: [Int], form: PatternedKernels, ofLayer layer: String) {
        guard let place = network.place(ofLayer: layer), let id = ownWeights(ofNodeAt: place) else { return }
        let (shape, inputs) = (network[id].shape, network[id].shape[3])
        let places = shape[1] * shape[2]
        let keeps = (0..<shape.elementCount).map { element in
            dictionary[patterns[form.pattern(ofElement: element, shape: shape)]][element / inputs % places]
        }
        network[id].apply(WeightMask(keeps: keeps))
        let value = network[id]
        guard let constant = value.constant,
            let symbols = WeightSymbols(constant, quantization: value.quantization, grid: grids[value.name])
        else { return }
        compositions[value.name] = form.composition(
            of: constant, symbols: symbols, dictionary: dictionary, patterns: patterns)
    }
}
