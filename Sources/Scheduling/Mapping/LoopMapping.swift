public import Hardware

/// Extents along the eight loops, in the order of `LoopDimension.allCases`.
public typealias LoopExtents = [Int]

/// An unrolling and a tiling of a layer on a hierarchy of memories.
///
/// The loops over time form a chain of nested tiles. A cut says which tile of an operand a memory holds: the data under
/// all loops inside. Cuts of different operands may lie at different places of one chain.
public struct LoopMapping: Sendable, Hashable, Codable {
    /// The loop that runs along each axis, with its extent; nil for an axis that stays at one cell.
    public var unrolled: [Unrolling?]
    /// Tiles from the innermost outwards.
    public var cuts: [Cut]
    /// Steps over time along each loop.
    public var steps: LoopExtents
    public var proof: MappingProof

    public struct Unrolling: Sendable, Hashable, Codable {
        public var dimension: LoopDimension
        public var extent: Int

        public init(dimension: LoopDimension, extent: Int) {
            self.dimension = dimension
            self.extent = extent
        }
    }

    /// What one place of an operand's path holds.
    public struct Cut: Sendable, Hashable, Codable {
        public var operand: LoopOperand
        /// Position on the operand's path, 0 at the cells.
        public var position: Int
        /// Steps over time inside the tile.
        public var inside: LoopExtents

        public init(operand: LoopOperand, position: Int, inside: LoopExtents) {
            self.operand = operand
            self.position = position
            self.inside = inside
        }
    }

    public init(unrolled: [Unrolling?], cuts: [Cut], steps: LoopExtents, proof: MappingProof) {
        self.unrolled = unrolled
        self.cuts = cuts
        self.steps = steps
        self.proof = proof
    }

    /// Cycles of products.
    public var computeCycles: Int { steps.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } }
}
