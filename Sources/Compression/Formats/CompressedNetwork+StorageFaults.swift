import Diagnostics
import FixedPoint
import Networks
import Tensors
import Workloads

extension CompressedNetwork {
    /// Numbers of a decoded file that no step would have written: widths, grids, elements outside their format.
    func storageFaults(file: String) -> [Diagnostic] {
        let values = Dictionary(network.values.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let classes = network.weightClasses
        var faults: [(part: String, message: String)] = []
        for (name, encoding) in encodings.sorted(by: { $0.key < $1.key }) {
            guard let fault = encoding.layout.fault ?? neighbourFault(of: encoding, values[name], classes[name]) else {
                continue
            }
            faults.append((name, fault))
        }
        for (name, composition) in compositions.sorted(by: { $0.key < $1.key }) {
            guard let constant = values[name]?.constant, !composition.composes(constant) else { continue }
            faults.append((name, "its parts do not compose its elements"))
        }
        for (name, grid) in grids.sorted(by: { $0.key < $1.key }) {
            guard let fault = values[name].flatMap({ grid.fault(for: $0.shape) }) else { continue }
            faults.append((name, fault))
        }
        for value in network.values {
            guard let fault = value.storageFault else { continue }
            faults.append((value.name, fault))
        }
        return faults.map { Diagnostic($0.message, at: SourceLocation(file: file, position: .part($0.part))) }
    }

    /// Why elements cannot be stored as so many of their neighbours, or nil if they can or are stored otherwise.
    private func neighbourFault(
        of encoding: WeightEncoding, _ value: Value?, _ computeClass: ComputeClass?
    ) -> String? {
        guard case .neighbours(let kept, let size) = encoding.layout, let value, let constant = value.constant,
            let symbols = WeightSymbols(constant, quantization: value.quantization, grid: grids[value.name])
        else { return nil }
        let groups = WeightGroups(
            shape: value.shape, computeClass: computeClass ?? .dataMovement, granularity: encoding.granularity)
        let fullest = symbols.fullestBlock(of: size, groups)
        return fullest > kept ? "\(fullest) of \(size) neighbours are not zero where \(kept) are stored" : nil
    }
}

extension Value {
    /// Why the stored elements do not suit the quantization, or nil if they do.
    fileprivate var storageFault: String? {
        guard let format = quantization?.format, let constant else { return nil }
        guard constant.elementType != .float32 else { return "elements of reals on a grid of integers" }
        // A bias may need more bits than any format has and is then stored in 64.
        guard constant.elementType != .int64 else { return nil }
        let strange = constant.firstInteger { $0 < format.minimum || $0 > format.maximum }
        return strange.map { "\($0) is outside \(format.minimum)...\(format.maximum)" }
    }
}

extension Tensor {
    /// The first integer element that `condition` picks; nil for a tensor of reals.
    fileprivate func firstInteger(where condition: (Int) -> Bool) -> Int? {
        func first<Element: FixedWidthInteger>(_ values: [Element]) -> Int? {
            values.first { condition(Int($0)) }.map { Int($0) }
        }
        switch elements {
        case .float32: return nil
        case .int8(let values): return first(values)
        case .uint8(let values): return first(values)
        case .int16(let values): return first(values)
        case .int32(let values): return first(values)
        case .int64(let values): return first(values)
        }
    }
}
