/// Which stored values the elements of a constant read, and with which signs, by hashes of the elements' places.
///
/// Read `u` of the element at place `p` of the row-major tensor takes the bucket `floor(h(p) * buckets / 2^32)` of the hash
/// with the seed `seed + 2u`, and the sign of the lowest bit of the hash with the seed `seed + 2u + 1`.
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
        precondition((1...1 << 31).contains(buckets) && count <= 1 << 32, "hashes of 32 bits")
        let hashes = (0..<UInt32(reads)).map { read in
            (bucket: XXHash32(seed: seed &+ 2 &* read), sign: XXHash32(seed: seed &+ 2 &* read &+ 1))
        }
        (self.reads, self.count, self.buckets) = (reads, count, buckets)
        var (places, signs): ([Int32], [Float]) = ([], [])
        places.reserveCapacity(count * reads)
        signs.reserveCapacity(count * reads)
        for place in 0..<count {
            let word = UInt32(truncatingIfNeeded: place)
            for hash in hashes {
                places.append(Int32(truncatingIfNeeded: (UInt64(hash.bucket(word)) * UInt64(buckets)) >> 32))
                signs.append(hash.sign(word) & 1 == 0 ? 1 : -1)
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
