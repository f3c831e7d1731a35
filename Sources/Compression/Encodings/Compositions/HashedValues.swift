import Diagnostics
public import Tensors

/// Every element is computed from stored values that hashes of its place pick: the parts `buckets` of numbers, `seed` of 32 bits
/// and, with hidden units, `network` with the reals of a `ReadNetwork`.
///
/// One read without hidden units is `sign(place) * bucket(place)`.
public struct HashedValues: CompositionForm {
    /// Values that an element reads, 1...16.
    public var reads: Int
    /// Hidden units of the network that combines them, 0...64.
    public var hidden: Int

    static let readCounts = 1...16
    static let hiddenCounts = 0...64

    public init(reads: Int = 1, hidden: Int = 0) {
        self.reads = reads
        self.hidden = hidden
    }

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (buckets, seed) = (try composition.part("buckets").numbers, try composition.part("seed").patterns)
        guard Self.readCounts.contains(reads), Self.hiddenCounts.contains(hidden), seed.count == 1, !buckets.isEmpty,
            shape.elementCount <= 1 << 32
        else { throw Diagnostic("\(reads) reads of \(buckets.count) buckets, \(hidden) hidden units") }
        let network = try ReadNetwork(reads: reads, reals: hidden > 0 ? composition.part("network").reals : [])
        guard network.hidden == hidden else { throw Diagnostic("a network of \(network.hidden) hidden units") }
        let hashes = ReadHashes(seed: seed[0], reads: reads, buckets: buckets.count)
        var values: [Float] = []
        return (0..<shape.elementCount).map { place in
            values.removeAll(keepingCapacity: true)
            hashes.forEachRead(of: place) { values.append($1 * buckets[$0]) }
            return network.element(values[...])
        }
    }

    public func numbers(of composition: WeightComposition, shape: Shape, axis: Int?) -> StoredNumbers? {
        hidden == 0 ? StoredNumbers("buckets", terms: reads) : nil
    }

    static func composition(seed: UInt32, buckets: [Float], network: ReadNetwork) -> WeightComposition {
        var parts = [StoredPart("buckets", reals: buckets), StoredPart("seed", patterns: [seed], width: 32)]
        if network.hidden > 0 { parts.append(StoredPart("network", reals: network.reals)) }
        return WeightComposition(
            .hashedValues(HashedValues(reads: network.reads, hidden: network.hidden)), parts: parts)
    }
}

/// The small network that makes an element of the values it reads: `g(z) = sum z + sum_h v_h max(0, u_h z + b_h)`.
///
/// Without hidden units and for one read it is the identity. Float32, sums in the order of the formula.
struct ReadNetwork: Sendable, Hashable {
    let reads: Int
    /// For each hidden unit its `u`, its `b` and its `v`.
    private(set) var reals: [Float]

    /// - Throws: `Diagnostic` when the reals are not those of whole units.
    init(reads: Int, reals: [Float] = []) throws {
        guard reads > 0, reals.count.isMultiple(of: reads + 2) else {
            throw Diagnostic("\(reals.count) reals for hidden units of \(reads + 2)")
        }
        self.reads = reads
        self.reals = reals
    }

    var hidden: Int { reals.count / (reads + 2) }

    /// What unit `index` gives for an element's reads, before its `v`.
    func unit(_ index: Int, _ reads: ArraySlice<Float>) -> Float {
        let first = index * (self.reads + 2)
        var sum = reals[first + self.reads]
        for (offset, read) in reads.enumerated() { sum += reals[first + offset] * read }
        return max(0, sum)
    }

    /// The `v` of each unit.
    var outputs: [Float] {
        get { (0..<hidden).map { reals[$0 * (reads + 2) + reads + 1] } }
        set { for index in 0..<hidden { reals[index * (reads + 2) + reads + 1] = newValue[index] } }
    }

    /// The derivatives of `g` by each read.
    func slopes(_ reads: ArraySlice<Float>) -> [Float] {
        var slopes = [Float](repeating: 1, count: self.reads)
        for index in 0..<hidden where unit(index, reads) > 0 {
            let first = index * (self.reads + 2)
            for read in slopes.indices { slopes[read] += reals[first + self.reads + 1] * reals[first + read] }
        }
        return slopes
    }

    /// The reads themselves, those of an element beside each other.
    static func values(of hashed: HashedReads, buckets: [Float]) -> [Float] {
        hashed.places.indices.map { hashed.signs[$0] * buckets[Int(hashed.places[$0])] }
    }

    func elements(of hashed: HashedReads, buckets: [Float]) -> [Float] {
        let values = ReadNetwork.values(of: hashed, buckets: buckets)
        return (0..<hashed.count).map { element(values[$0 * reads..<($0 + 1) * reads]) }
    }

    /// The element that has these reads, one at least.
    func element(_ reads: ArraySlice<Float>) -> Float {
        let sum = reads.dropFirst().reduce(reads[reads.startIndex], +)
        return (0..<hidden).reduce(sum) { $0 + reals[$1 * (self.reads + 2) + self.reads + 1] * unit($1, reads) }
    }
}
