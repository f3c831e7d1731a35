import Diagnostics
public import Tensors
public import Workloads

/// The mean over some axes; global average pooling is the mean over height and width.
public struct Mean: Operator {
    public static let name = "mean"

    /// Ascending, without repetition.
    public var axes: [Int]
    /// Whether reduced axes stay with extent 1.
    public var keepsAxes: Bool

    public init(axes: [Int], keepsAxes: Bool) {
        self.axes = axes
        self.keepsAxes = keepsAxes
    }

    public var computeClass: ComputeClass { .pooling }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, axes.allSatisfy({ (0..<inputs[0].rank).contains($0) }), axes == Set(axes).sorted()
        else { throw Diagnostic("a mean over axes \(axes) of \(inputs.map(\.description))") }
        let extents = inputs[0].extents.enumerated()
        let reduced = extents.compactMap { axis, extent in
            axes.contains(axis) ? (keepsAxes ? 1 : nil) : extent
        }
        return [Shape(reduced)]
    }

    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        var loops = LoopNest()
        loops.groups = outputs[0].elementCount
        loops.kernelHeight = axes.reduce(1) { $0 * inputs[0][$1] }
        loops.inputHeight = loops.kernelHeight
        return loops
    }
}
