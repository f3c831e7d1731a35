/// The tile sizes of a row-stationary mapping, by the names of its inventors.
///
/// A pass computes `e` output rows of `p * t` filters over `q * r` channels for `n` images; its sets of filter rows by
/// output rows stand `r * t` times on the cells. The shared buffer keeps the sums of `m` filters over all passes along
/// the channels.
public struct RowStationaryMapping: Sendable, Hashable, Codable {
    /// Images of a pass.
    public var n: Int
    /// Filters whose sums stay in the shared buffer.
    public var m: Int
    /// Output rows of a pass.
    public var e: Int
    /// Filters and channels that a cell interleaves.
    public var p: Int
    public var q: Int
    /// Sets side by side for other channels and for other filters.
    public var r: Int
    public var t: Int
    /// Output columns of a pass; all of them unless the shared buffer cannot hold them.
    public var f: Int
    /// Pieces into which a filter taller or wider than the cells can hold is cut.
    public var rowPieces: Int
    public var columnPieces: Int

    public init(
        n: Int, m: Int, e: Int, p: Int, q: Int, r: Int, t: Int, f: Int, rowPieces: Int = 1, columnPieces: Int = 1
    ) {
        (self.n, self.m, self.e, self.p, self.q, self.r, self.t, self.f) = (n, m, e, p, q, r, t, f)
        (self.rowPieces, self.columnPieces) = (rowPieces, columnPieces)
    }
}
