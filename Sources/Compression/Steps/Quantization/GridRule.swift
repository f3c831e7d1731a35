import Networks

/// On which grid the result of an operator lies when it computes in integers.
enum GridRule {
    /// On one of its own, chosen from what was observed.
    case own
    /// On that of its inputs, as TFLite asks.
    case inputs
    /// On that of its input if nothing else reads the input, so that the clamp costs no step.
    case soleInput
    /// On steps of `2^-bits` from 0 to 1.
    case unitInterval
    /// On that of signs, of one bit.
    case signs
    /// On none: the operator has no meaning on integers and computes in float between them.
    case real
}

/// An operator whose result does not simply lie on a grid of its own.
protocol GridRuled: Operator {
    var gridRule: GridRule { get }
}

extension AveragePool2D: GridRuled { var gridRule: GridRule { .inputs } }
extension MaxPool2D: GridRuled { var gridRule: GridRule { .inputs } }
extension ChannelSelection: GridRuled { var gridRule: GridRule { .inputs } }
extension Concatenation: GridRuled { var gridRule: GridRule { .inputs } }
extension Padding: GridRuled { var gridRule: GridRule { .inputs } }
extension PixelCopy: GridRuled { var gridRule: GridRule { .inputs } }
extension Reshape: GridRuled { var gridRule: GridRule { .inputs } }
extension StridedSlice: GridRuled { var gridRule: GridRule { .inputs } }
extension Transpose: GridRuled { var gridRule: GridRule { .inputs } }
extension Rectifier: GridRuled { var gridRule: GridRule { .soleInput } }
extension Softmax: GridRuled { var gridRule: GridRule { .unitInterval } }
extension LogSoftmax: GridRuled { var gridRule: GridRule { .real } }
extension LocalResponseNormalization: GridRuled { var gridRule: GridRule { .real } }
extension BipolarQuantization: GridRuled { var gridRule: GridRule { .signs } }
extension BatchNormalization: GridRuled { var gridRule: GridRule { .real } }

/// The values of a network that must lie on one grid together.
struct GridClasses {
    private var parents: [Int]
    /// Roots of classes whose grid is steps of `2^-bits`.
    private(set) var unitIntervals: Set<Int> = []
    /// Values whose own range does not count, because a clamp follows before anything reads them.
    private(set) var unseen: Set<ValueID> = []

    init(_ network: Network) {
        parents = Array(network.values.indices)
        let consumers = network.consumers
        let ruled = network.nodes.map { (node: $0, rule: ($0.operation as? any GridRuled)?.gridRule ?? .own) }
        for (node, rule) in ruled {
            switch rule {
            case .own, .real, .signs: break
            case .unitInterval: unitIntervals.formUnion(node.outputs.map { root(of: $0) })
            case .soleInput:
                let input = node.inputs[0]
                guard consumers[input]?.count == 1, !network.outputs.contains(input), !network.inputs.contains(input),
                    !unitIntervals.contains(root(of: input))
                else { continue }
                unseen.insert(input)
                join(input, node.outputs[0])
            case .inputs:
                for input in node.inputs where node.inputs.count == 1 || !unitIntervals.contains(root(of: input)) {
                    join(input, node.outputs[0])
                }
            }
        }
    }

    func root(of id: ValueID) -> Int {
        var index = id.index
        while parents[index] != index { index = parents[index] }
        return index
    }

    private mutating func join(_ left: ValueID, _ right: ValueID) {
        let (first, second) = (root(of: left), root(of: right))
        guard first != second else { return }
        parents[max(first, second)] = min(first, second)
        if unitIntervals.contains(max(first, second)) { unitIntervals.insert(min(first, second)) }
    }
}
