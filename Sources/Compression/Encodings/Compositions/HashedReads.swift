/// The stored values that an element of a constant reads, and with which signs, by hashes of the element's place.
///
/// Read `u` of the element at place `p` of the row-major tensor takes the bucket `floor(h(p) * buckets / 2^32)` of the hash
/// with the seed `seed + 2u`, and the sign of the lowest bit of the hash with the seed `seed + 2u + 1`.
struct ReadHashes {
    private let hashes: [(bucket: XXHash32, sign: XXHash32)]
    private let buckets: UInt64

    /// - Precondition: at least one bucket.
    init(seed: UInt32, reads: Int, buckets: Int) {
        precondition((1...1 << 31).contains(buckets), "hashes of 32 bits")
        hashes = (0..<UInt32(reads)).map { read in
            (bucket: XXHash32(seed: seed &+ 2 &* read), sign: XXHash32(seed: seed &+ 2 &* read &+ 1))
        }
        self.buckets = UInt64(buckets)
    }

    /// Calls `body` with the bucket and the sign, 1 or -1, of each read of an element.
    func forEachRead(of place: Int, _ body: (_ bucket: Int, _ sign: Float) -> Void) {
        let word = UInt32(truncatingIfNeeded: place)
        for hash in hashes {
            let bucket = Int(truncatingIfNeeded: (UInt64(hash.bucket(word)) * buckets) >> 32)
            body(bucket, hash.sign(word) & 1 == 0 ? 1 : -1)
        }
    }
}

/// The `ReadHashes` of all elements of a constant as tables, for fits that go over them again and again.
package struct HashedReads: Sendable {
    /// Reads of an element.
    package let reads: Int
    /// Elements of the constant.
    package let count: Int
    package let buckets: Int
    /// The bucket of each read, those of an element beside each other.
    package let places: [Int32]
    /// 1 or -1 for each read.
    package let signs: [Float]

    /// - Precondition: at least one bucket; places are 32-bit numbers.
    package init(seed: UInt32, reads: Int, buckets: Int, count: Int) {
        precondition(count <= 1 << 32, "hashes of 32 bits")
        let hashes = ReadHashes(seed: seed, reads: reads, buckets: buckets)
        (self.reads, self.count, self.buckets) = (reads, count, buckets)
        var (places, signs): ([Int32], [Float]) = ([], [])
        places.reserveCapacity(count * reads)
        signs.reserveCapacity(count * reads)
        for place in 0..<count {
            hashes.forEachRead(of: place) { bucket, sign in
                places.append(Int32(truncatingIfNeeded: bucket))
                signs.append(sign)
            }
        }
        (self.places, self.signs) = (places, signs)
    }

    /// The sum of each element's reads of `values`.
    func scattered(_ values: [Double]) -> [Double] {
        (0..<count).map { element in
            (element * reads..<(element + 1) * reads).reduce(0) { $0 + Double(signs[$1]) * values[Int(places[$1])] }
        }
    }

    /// For each bucket the sum of what reads it, each with the read's sign: the transpose of `scattered`.
    func gathered(_ elements: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: buckets)
        for read in places.indices { sums[Int(places[read])] += Double(signs[read]) * elements[read / reads] }
        return sums
    }
}
