import FixedPoint
import Tensors

/// One LceBconv2d with the tensors that it names, checked.
struct BinaryConvolutionSite {
    let site: TFLiteSite
    let filters: TFLiteTensor
    let convolution: Convolution2D
    /// The padding by +1 in front, if there is any.
    let ones: Padding?
    /// Input channels of one group.
    let depth: Int
    /// Products of one sum.
    let products: Int

    static let signs = Quantization(format: .bipolar, scale: 1)

    init(_ site: TFLiteSite) throws(FlatBufferFault) {
        self.site = site
        let options = try site.customOptions()
        let image = try site.input(0)
        try site.requireBinary(image)
        filters = try site.input(1)
        let (shape, channels) = (filters.shape, try options.required("channels_in"))
        guard filters.type == .int32, shape.rank == 4, image.shape.rank == 4, shape.elementCount > 0,
            image.shape[3] == channels
        else {
            throw site.fault("filters '\(filters.name)' of \(shape) \(filters.type) do not suit \(image.shape)")
        }
        let words = (channels - 1) / TFLiteTensor.binaryWord + 1
        let groups = words / shape[3]
        guard words % shape[3] == 0, channels % groups == 0, shape[0] % groups == 0,
            groups == 1 || channels / groups % TFLiteTensor.binaryWord == 0
        else { throw site.fault("\(channels) channels do not fall into groups as filters of \(shape) ask for") }
        depth = channels / groups
        products = shape[1] * shape[2] * depth
        var window = try options.window(kernelHeight: shape[1], kernelWidth: shape[2])
        let margins = window.padding
        let padValue = options.map.integer("pad_values") ?? 0
        guard (0...1).contains(padValue) else { throw site.fault("the option 'pad_values' is \(padValue)") }
        if padValue == 1, margins != Window.Margins() {
            ones = Padding(
                before: [0, margins.top, margins.left, 0], after: [0, margins.bottom, margins.right, 0], value: 1)
            window.padding = Window.Margins()
        } else {
            ones = nil
        }
        convolution = Convolution2D(window: window, groups: groups, activation: try options.activation())
        try site.requireActivation(site.output)
        guard !site.output.isBinary || convolution.activation == .none else {
            throw site.fault("signs with a fused activation")
        }
    }

    /// The filters as -1 and +1; a bit stands for -1.
    func filterSigns() throws(FlatBufferFault) -> Tensor {
        let words = try constant(1, type: .int32).integers ?? []
        let (perPixel, shape) = (filters.shape[3], filters.shape)
        var signs: [Int8] = []
        signs.reserveCapacity(words.count / perPixel * depth)
        for pixel in 0..<words.count / perPixel {
            for channel in 0..<depth {
                let word = words[pixel * perPixel + channel / TFLiteTensor.binaryWord]
                signs.append(word >> (channel % TFLiteTensor.binaryWord) & 1 == 1 ? -1 : 1)
            }
        }
        return Tensor(shape: Shape([shape[0], shape[1], shape[2], depth]), elements: .int8(signs))
    }

    /// What must be added to a sum so that it is negative where the engine writes -1.
    func thresholdBias() throws(FlatBufferFault) -> Tensor {
        let thresholds = try constant(4, type: .int32).integers ?? []
        let bias = thresholds.map { Int32(2 * min(max($0, -1), products) - products) }
        return Tensor(shape: [bias.count], elements: .int32(bias))
    }

    /// The factors and terms that turn `sum - K` into the engine's outputs, formed in double precision.
    func scaling() throws(FlatBufferFault) -> (factors: Tensor, terms: Tensor) {
        let multipliers = try constant(2, type: .float32).floats.map(Double.init)
        let biases = try constant(3, type: .float32).floats.map(Double.init)
        let scale = site.output.type == .float32 ? 1 : Double(site.output.quantization?.scale ?? 1)
        let zeroPoint = site.output.type == .float32 ? 0 : Double(site.output.quantization?.zeroPoint ?? 0)
        let factors = multipliers.map { Float($0 / scale) }
        let terms = zip(multipliers, biases).map { multiplier, bias in
            Float((bias + Double(products) * multiplier) / scale + zeroPoint)
        }
        guard (factors + terms).allSatisfy(\.isFinite) else {
            throw site.fault("multipliers and biases of '\(filters.name)' leave the range of float32")
        }
        return (Tensor([factors.count], factors), Tensor([terms.count], terms))
    }

    /// A constant operand; all but the filters have an element for each output channel.
    private func constant(_ position: Int, type: TFLiteTensorType) throws(FlatBufferFault) -> Tensor {
        let tensor = try site.input(position)
        guard tensor.type == type, let constant = try site.model.constant(tensor) else {
            throw site.fault("operand \(position) ('\(tensor.name)') must be a constant of \(type)")
        }
        guard position == 1 || tensor.shape.elementCount == filters.shape[0] else {
            throw site.fault("'\(tensor.name)' of \(tensor.shape) does not suit \(filters.shape[0]) channels")
        }
        return constant
    }
}
