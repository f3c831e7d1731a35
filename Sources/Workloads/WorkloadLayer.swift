public import FixedPoint

/// One layer as hardware sees it.
public struct WorkloadLayer: Sendable, Hashable, Codable {
    public var name: String
    /// The operator's name, for people only.
    public var operatorName: String
    public var computeClass: ComputeClass
    /// The loops; for classes without multiplications, the reduction over the window for each output element.
    public var loops: LoopNest
    /// The constant operand, or nil for a layer without weights.
    public var weights: WeightFootprint?
    /// Indices of the tensors read, in the workload's tensor list.
    public var inputs: [Int]
    /// Indices of the tensors written.
    public var outputs: [Int]
    /// The register that sums, or nil where the layer computes in float or sums nothing.
    public var accumulator: Accumulator?
    /// `true` when the layer computes in float.
    public var isFloat: Bool
    /// The fraction of input activations met that are zero, 0...1, and whether execution counted it.
    public var activationZeros: MeasuredFraction?
    /// The fraction of bits set in the magnitudes of the input activations met, 0...1; nil where nobody counted.
    public var activationSetBits: MeasuredFraction?
    /// The fraction of bits that change from one input element to the next, 0...1; 0.5 for random bits.
    public var activationToggles: MeasuredFraction?
    /// The same of the weights in their stored order.
    public var weightToggles: MeasuredFraction?
    /// Channels that are not constant, or nil when all may change.
    public var liveChannels: LiveChannels?

    public init(
        name: String, operatorName: String, computeClass: ComputeClass, loops: LoopNest, weights: WeightFootprint?,
        inputs: [Int], outputs: [Int], accumulator: Accumulator?, isFloat: Bool,
        activationZeros: MeasuredFraction? = nil, liveChannels: LiveChannels? = nil,
        activationSetBits: MeasuredFraction? = nil
    ) {
        self.name = name
        self.operatorName = operatorName
        self.computeClass = computeClass
        self.loops = loops
        self.weights = weights
        self.inputs = inputs
        self.outputs = outputs
        self.accumulator = accumulator
        self.isFloat = isFloat
        self.activationZeros = activationZeros
        self.liveChannels = liveChannels
        self.activationSetBits = activationSetBits
    }

    /// Multiply-accumulates when every weight counts; 0 for a class that does not multiply with weights.
    public var macs: Int {
        switch computeClass {
        case .convolution, .depthwise, .fullyConnected: loops.multiplications
        case .pooling, .elementwise, .transcendental, .dataMovement, .free: 0
        }
    }
}
