import Hardware
import Quantities

/// The places that an operand passes from the cells to the memory behind, under one unrolling.
///
/// Weights and inputs start in a register of each cell, which costs nothing and holds one element; sums start in the
/// innermost level. The memory behind is the last place and has room for everything.
struct OperandPath {
    struct Place {
        /// Index into the array's levels; -1 for the cells' registers, the count of levels for the memory behind.
        var level: Int
        var capacityBits: Int
        /// Bits of the smallest access.
        var wordBits: Int
        /// Femtojoules for each bit.
        var readEnergy: Double
        var writeEnergy: Double
        /// Instances that hold something.
        var instances: Int
        /// Extent of each loop that runs along axes inside one instance.
        var spatial: LoopExtents

        /// Bits of an access in whole words.
        func whole(_ bits: Int) -> Int { wordBits > 1 ? ceiling(bits, wordBits) * wordBits : bits }
    }

    let operand: LoopOperand
    let places: [Place]

    /// Cuts: places that hold a tile which is not everything.
    var cuts: Int { places.count - 1 }

    init(_ operand: LoopOperand, _ problem: LoopProblem, _ unrolled: [LoopMapping.Unrolling?]) {
        self.operand = operand
        let array = problem.array
        var places: [Place] = []
        func place(_ level: Int, bits: Int, word: Int, _ read: Double, _ write: Double, serves: (String) -> Bool)
            -> Place
        {
            var spatial = [Int](repeating: 1, count: 8)
            var instances = 1
            for (axis, unrolling) in zip(array.axes, unrolled) {
                guard let unrolling else { continue }
                if serves(axis.name) {
                    spatial[unrolling.dimension.position] *= unrolling.extent
                } else {
                    instances *= unrolling.extent
                }
            }
            return Place(
                level: level, capacityBits: bits, wordBits: word, readEnergy: read, writeEnergy: write,
                instances: instances,
                spatial: spatial)
        }
        if operand != .outputs { places.append(place(-1, bits: 0, word: 1, 0, 0) { _ in false }) }
        for (index, level) in array.levels.enumerated() where level.operands.contains(operand) {
            let bits = level.size.count * 8
            places.append(
                place(
                    index, bits: level.doubleBuffered ? bits / 2 : bits, word: level.word.count,
                    Double(level.readEnergyPerBit.attojoules) / 1000,
                    Double(level.writeEnergyPerBit.attojoules) / 1000
                ) { level.serves.contains($0) })
        }
        places.append(
            place(
                array.levels.count, bits: .max, word: problem.memoryWordBits, problem.memoryReadEnergy,
                problem.memoryWriteEnergy
            ) { _ in true })
        self.places = places
    }
}

extension LoopDimension {
    /// Place in `LoopExtents`.
    var position: Int {
        switch self {
        case .batch: 0
        case .groups: 1
        case .outputChannels: 2
        case .inputChannels: 3
        case .outputHeight: 4
        case .outputWidth: 5
        case .kernelHeight: 6
        case .kernelWidth: 7
        }
    }
}
