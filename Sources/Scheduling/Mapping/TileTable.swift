import Hardware

/// For every tile and cut: what the cut costs there, whether the tile fits, whether a larger one may.
struct TileTable {
    let lattice: TileLattice
    /// Cuts of each operand, in the order of `LoopOperand.allCases`.
    let cuts: [Int]
    private let width: Int
    /// Femtojoules, or infinity where the tile does not fit; by tile, then operand, then cut.
    private var costs: [Double]
    /// Bits of the tile in its place.
    private var sizes: [Int]
    /// The lowest cut that may still be made at this tile or a larger one, by tile and operand.
    private(set) var lowest: [UInt8]

    /// - Parameter share: Fraction of a place's room that each operand may use, for a table whose chains always fit.
    init(_ lattice: TileLattice, _ geometry: LoopGeometry, sharing: Bool) {
        self.lattice = lattice
        cuts = geometry.paths.map(\.cuts)
        width = cuts.max() ?? 0
        costs = [Double](repeating: .infinity, count: lattice.count * 3 * width)
        sizes = [Int](repeating: 0, count: lattice.count * 3 * width)
        lowest = [UInt8](repeating: 0, count: lattice.count * 3)
        let levels = geometry.problem.array.levels
        var inside = [Int](repeating: 1, count: 8)
        for point in 0..<lattice.count {
            for loop in 0..<8 { inside[loop] = lattice.divisors[loop][lattice.position(point, loop)] }
            for (operand, path) in geometry.paths.enumerated() {
                var lowestOpen = path.cuts
                for cut in stride(from: path.cuts - 1, through: 0, by: -1) {
                    let place = path.places[cut]
                    let sharers = sharing && place.level >= 0 ? levels[place.level].operands.count : 1
                    let room = place.level < 0 ? 0 : place.capacityBits / sharers
                    let transfers = inside.withUnsafeBufferPointer { inside in
                        inside.baseAddress.map { geometry.transfers(path, cut, inside: $0) } ?? LoopTransfers()
                    }
                    let fits = place.level < 0 ? transfers.tileBits <= transfers.width : transfers.tileBits <= room
                    let slot = (point * 3 + operand) * width + cut
                    sizes[slot] = transfers.tileBits
                    if fits { costs[slot] = geometry.energy(transfers, path, cut) }
                    if fits || mayFit(transfers, path, room, geometry) { lowestOpen = cut }
                }
                lowest[point * 3 + operand] = UInt8(lowestOpen)
            }
        }
    }

    /// Whether the tile would fit if its sums were already as narrow as outputs.
    private func mayFit(_ transfers: LoopTransfers, _ path: OperandPath, _ room: Int, _ geometry: LoopGeometry) -> Bool
    {
        guard path.operand == .outputs, transfers.width > 0 else { return false }
        return transfers.tileBits / transfers.width * min(transfers.width, geometry.problem.widths.outputs) <= room
    }

    @inline(__always)
    func cost(_ point: Int, _ operand: Int, _ cut: Int) -> Double { costs[(point * 3 + operand) * width + cut] }

    @inline(__always)
    func size(_ point: Int, _ operand: Int, _ cut: Int) -> Int { sizes[(point * 3 + operand) * width + cut] }
}
