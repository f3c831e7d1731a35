import Tensors
import Workloads

extension NonzeroStructure {
    /// Counts the elements of a weight tensor: output channels first, or last for a depthwise convolution.
    init(_ symbols: WeightSymbols, shape: Shape, computeClass: ComputeClass, isFloat: Bool) {
        let isLast = computeClass == .depthwise
        let outputs = max(1, shape.rank == 0 ? 1 : isLast ? shape[shape.rank - 1] : shape[0])
        let length = symbols.patterns.count / outputs
        self.init(
            perOutput: [Int](repeating: 0, count: outputs),
            fullestBlocks: [Int](repeating: 0, count: Self.blockSizes.count),
            setBits: isFloat ? nil : Self.setBits(symbols))
        for output in 0..<outputs {
            for start in stride(from: 0, to: length, by: 16) {
                var kept: UInt32 = 0
                for place in start..<min(length, start + 16) {
                    let pattern = symbols.patterns[isLast ? place * outputs + output : output * length + place]
                    if !symbols.isZero(pattern) { kept |= 1 << UInt32(place - start) }
                }
                add(kept, to: output)
            }
        }
    }

    /// Counts 16 neighbours, a bit for each that is not zero.
    private mutating func add(_ kept: UInt32, to output: Int) {
        perOutput[output] += kept.nonzeroBitCount
        for (index, size) in Self.blockSizes.enumerated() where fullestBlocks[index] < size {
            let block = UInt32.max >> UInt32(32 - size)
            for start in stride(from: 0, to: 16, by: size) {
                fullestBlocks[index] = max(fullestBlocks[index], (kept >> UInt32(start) & block).nonzeroBitCount)
            }
        }
    }

    /// Bits set in magnitudes; each sign of a bipolar tensor is one.
    private static func setBits(_ symbols: WeightSymbols) -> Int {
        if symbols.isBipolar { return symbols.patterns.count }
        let unused = UInt32(32 - symbols.width)
        return symbols.patterns.reduce(0) { sum, pattern in
            let value = Int32(bitPattern: pattern << unused) >> Int32(unused)
            return sum + value.magnitude.nonzeroBitCount
        }
    }
}
