import Networks
import Tensors

/// Where the kernels of a convolution's weights `outputs x height x width x inputs` lie.
struct KernelPlaces {
    let outputs: Int
    /// Weights of one kernel, along its rows.
    let places: Int
    let inputs: Int

    init(_ shape: Shape) {
        (outputs, places, inputs) = (shape[0], shape[1] * shape[2], shape[3])
    }

    func element(output: Int, place: Int, input: Int) -> Int {
        (output * places + place) * inputs + input
    }
}

extension CompressedNetwork {
    /// Keeps of each kernel of a layer the places of its pattern, and stores the weights by patterns.
    ///
    /// - Parameters:
    ///   - dictionary: for each pattern, which places of a kernel it keeps.
    ///   - patterns: the pattern of each input channel, or of each kernel, outputs outermost.
    mutating func keep(_ dictionary: [[Bool]], patterns: [Int], sharesInputs: Bool, ofLayer layer: String) {
        guard let place = network.place(ofLayer: layer), let id = ownWeights(ofNodeAt: place) else { return }
        let (shape, inputs) = (network[id].shape, network[id].shape[3])
        let places = shape[1] * shape[2]
        let keeps = (0..<shape.elementCount).map { element in
            let kernel = sharesInputs ? element % inputs : element / (places * inputs) * inputs + element % inputs
            return dictionary[patterns[kernel]][element / inputs % places]
        }
        network[id].apply(WeightMask(keeps: keeps))
        let value = network[id]
        guard let constant = value.constant,
            let symbols = WeightSymbols(constant, quantization: value.quantization, grid: grids[value.name])
        else { return }
        compositions[value.name] = PatternedKernels.composition(
            of: constant, symbols: symbols, dictionary: dictionary, patterns: patterns, sharesInputs: sharesInputs)
    }
}
