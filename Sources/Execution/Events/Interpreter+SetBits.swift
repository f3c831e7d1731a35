import FixedPoint
import Networks
import Tensors

extension Interpreter {
    /// The fraction of bits set in the magnitudes of each integer activation over some cases, by the name of its value.
    ///
    /// A magnitude is the distance from the element that stands for zero, in the width of the value's format. Every case
    /// is run with all values kept, one after another: for tens of cases.
    public func setBitFractions(on cases: any Dataset) throws -> [String: Double] {
        var set: [String: Int] = [:]
        var all: [String: Int] = [:]
        let places = Dictionary(network.values.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for index in 0..<cases.count {
            for (name, tensor) in try trace(cases.case(at: index)).values {
                guard let value = places[name], let elements = tensor.integers else { continue }
                let zero = value.quantization?.zeroPoint ?? 0
                let bits = value.quantization?.format.bits ?? value.elementType.byteCount * 8
                let mask = bits >= 63 ? Int.max : (1 << bits) - 1
                set[name, default: 0] += elements.reduce(0) {
                    $0 + (Int(clamping: ($1 &- zero).magnitude) & mask).nonzeroBitCount
                }
                all[name, default: 0] += elements.count * bits
            }
        }
        return set.reduce(into: [:]) { fractions, entry in
            let whole = all[entry.key] ?? 0
            if whole > 0 { fractions[entry.key] = Double(entry.value) / Double(whole) }
        }
    }
}
