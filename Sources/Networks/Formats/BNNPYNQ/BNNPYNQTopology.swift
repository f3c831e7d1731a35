import Tensors

/// The layers of a family of BNN-PYNQ networks; a new family is one value in `families`.
struct BNNPYNQTopology: Sendable {
    /// How pixels of 0 to 255 enter the first layer.
    enum Input: Sendable {
        /// -1 below `threshold`, +1 from there on; the rest of the first layer's synapses reads -1.
        case bits(threshold: Int)
        /// `round((pixel / 255 * 2 - 1) * 128)`, clipped to int8; the first layer's thresholds have `fractionBits` more
        /// fraction bits than its sums.
        case fixedPoint(fractionBits: Int)
    }

    /// A layer with weights.
    struct Layer: Sendable {
        /// Kernel height and width of a convolution without padding; nil for a fully connected layer.
        var kernel: Int?
        /// Height and width of the maximum pooling behind the layer, or nil.
        var pool: Int?
        /// Rows of the weight matrix.
        var neurons: Int
        /// Columns of the weight matrix.
        var synapses: Int
    }

    /// What the names of its folders begin with, in front of the precision.
    var family: String
    var image: Shape
    var input: Input
    var layers: [Layer]

    /// Every family that BNN-PYNQ ships.
    static let families = [fullyConnected, convolutional]

    /// `lfc`: 784-1024-1024-1024-64, on binarized images of digits and letters.
    static let fullyConnected = BNNPYNQTopology(
        family: "lfc", image: [1, 28, 28, 1], input: .bits(threshold: 128),
        layers: [
            Layer(neurons: 1024, synapses: 832),
            Layer(neurons: 1024, synapses: 1024),
            Layer(neurons: 1024, synapses: 1024),
            Layer(neurons: 64, synapses: 1024),
        ])

    /// `cnv`: six convolutions of 3 x 3, two poolings and three fully connected layers, on colour images.
    static let convolutional = BNNPYNQTopology(
        family: "cnv", image: [1, 32, 32, 3], input: .fixedPoint(fractionBits: 1),
        layers: [
            Layer(kernel: 3, neurons: 64, synapses: 27),
            Layer(kernel: 3, pool: 2, neurons: 64, synapses: 576),
            Layer(kernel: 3, neurons: 128, synapses: 576),
            Layer(kernel: 3, pool: 2, neurons: 128, synapses: 1152),
            Layer(kernel: 3, neurons: 256, synapses: 1152),
            Layer(kernel: 3, neurons: 256, synapses: 2304),
            Layer(neurons: 512, synapses: 256),
            Layer(neurons: 512, synapses: 512),
            Layer(neurons: 64, synapses: 512),
        ])
}
