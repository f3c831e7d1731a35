public import FixedPoint

/// The integer arithmetic of one node: how products are summed and how sums become outputs.
public struct Arithmetic: Sendable, Hashable {
    public var runtime: RuntimeArithmetic
    public var accumulator: Accumulator

    public init(runtime: RuntimeArithmetic = .tflm, accumulator: Accumulator = .int32) {
        self.runtime = runtime
        self.accumulator = accumulator
    }
}
