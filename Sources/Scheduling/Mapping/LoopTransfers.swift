import Hardware

/// What crosses from one place of an operand's path to the next, for a tile below it.
struct LoopTransfers {
    /// Bits read from and written to the lower place, all instances together, in whole words of it.
    var lowerReads = 0
    var lowerWrites = 0
    /// Bits read from and written to the upper place, in whole words of it.
    var upperReads = 0
    var upperWrites = 0
    /// Bits of an element on its way.
    var width = 0
    /// Bits that the tile takes in one instance of the lower place.
    var tileBits = 0
}

/// The extents of a layer on one unrolling, from which transfers of any tile follow.
struct LoopGeometry {
    let problem: LoopProblem
    let steps: LoopExtents
    let paths: [OperandPath]
    /// Steps over time.
    let total: Int
    /// Of these, steps that differ in what they write.
    let outputSteps: Int
    private let extents: LoopExtents

    init(_ problem: LoopProblem, _ unrolled: [LoopMapping.Unrolling?]) {
        self.problem = problem
        var steps = problem.extents
        for case let unrolling? in unrolled {
            let dimension = unrolling.dimension.position
            steps[dimension] = ceiling(steps[dimension], unrolling.extent)
        }
        self.steps = steps
        total = steps.reduce(1, *)
        outputSteps = [0, 1, 2, 4, 5].reduce(1) { $0 * steps[$1] }
        paths = LoopOperand.allCases.map { OperandPath($0, problem, unrolled) }
        extents = problem.extents
    }

    /// Elements of an operand in one instance of a place that holds the data under some steps.
    func elements(_ operand: LoopOperand, inside: UnsafePointer<Int>, spatial: LoopExtents) -> Int {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 8) { tile in
            for index in 0..<8 { tile[index] = min(extents[index], inside[index] * spatial[index]) }
            guard let base = tile.baseAddress else { return 0 }
            return problem.elements(operand, base)
        }
    }

    /// The transfers between place `cut` of a path and the next, when the lower holds the data under `inside`.
    func transfers(_ path: OperandPath, _ cut: Int, inside: UnsafePointer<Int>) -> LoopTransfers {
        let (lower, upper) = (path.places[cut], path.places[cut + 1])
        let inner = elements(path.operand, inside: inside, spatial: lower.spatial)
        let outer = elements(path.operand, inside: inside, spatial: upper.spatial)
        var product = 1
        for index in 0..<8 { product *= inside[index] }
        let fills = total / product
        var transfers = LoopTransfers()
        switch path.operand {
        case .weights, .inputs:
            transfers.width = path.operand == .weights ? problem.widths.weights : problem.widths.inputs
            transfers.lowerWrites = fills * lower.whole(inner * transfers.width) * lower.instances
            transfers.upperReads = fills * upper.whole(outer * transfers.width) * upper.instances
            transfers.tileBits = inner * transfers.width
        case .outputs:
            let tiles = outputSteps / (inside[0] * inside[1] * inside[2] * inside[4] * inside[5])
            transfers.width = fills == tiles ? problem.widths.outputs : problem.widths.sums
            let below = lower.whole(inner * transfers.width) * lower.instances
            let above = upper.whole(outer * transfers.width) * upper.instances
            transfers.lowerReads = fills * below
            transfers.upperWrites = fills * above
            transfers.upperReads = (fills - tiles) * above
            transfers.lowerWrites = (fills - tiles) * below
            transfers.tileBits = inner * transfers.width
        }
        return transfers
    }

    /// Bits of sums that the cells write to and read from the innermost place of the outputs.
    var cellSums: (writes: Int, reads: Int) {
        let place = paths[2].places[0]
        let ones = [Int](repeating: 1, count: 8)
        let elements = ones.withUnsafeBufferPointer { ones in
            ones.baseAddress.map { self.elements(.outputs, inside: $0, spatial: place.spatial) } ?? 0
        }
        let each = place.whole(elements * problem.widths.sums) * place.instances
        return (total * each, (total - outputSteps) * each)
    }

    /// Femtojoules of transfers between a place and the next.
    func energy(_ transfers: LoopTransfers, _ path: OperandPath, _ cut: Int) -> Double {
        let (lower, upper) = (path.places[cut], path.places[cut + 1])
        let below = Double(transfers.lowerReads) * lower.readEnergy + Double(transfers.lowerWrites) * lower.writeEnergy
        let above = Double(transfers.upperReads) * upper.readEnergy + Double(transfers.upperWrites) * upper.writeEnergy
        return below + above
    }

    /// Femtojoules of the sums between the cells and the innermost place: the same for every tiling.
    var cellEnergy: Double {
        let place = paths[2].places[0]
        let sums = cellSums
        return Double(sums.writes) * place.writeEnergy + Double(sums.reads) * place.readEnergy
    }

    /// Whether the tile of a cut fits its place alone.
    func fits(_ transfers: LoopTransfers, _ path: OperandPath, _ cut: Int) -> Bool {
        let place = path.places[cut]
        return place.level < 0 ? transfers.tileBits <= transfers.width : transfers.tileBits <= place.capacityBits
    }
}
