import Diagnostics
import FixedPoint
import Networks
import Tensors

extension CompressedNetwork {
    /// Numbers of a decoded file that no step would have written: widths, grids, elements outside their format.
    func storageFaults(file: String) -> [Diagnostic] {
        let values = Dictionary(network.values.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var faults: [(part: String, message: String)] = []
        for (name, encoding) in encodings.sorted(by: { $0.key < $1.key }) {
            guard case .relativeIndex(let bits) = encoding.layout else { continue }
            guard !WeightEncoding.indexWidths.contains(bits) else { continue }
            faults.append((name, "an index of \(bits) bits"))
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
