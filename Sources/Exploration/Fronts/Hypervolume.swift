public import ExactArithmetic

/// The exact volume between a set of points and a reference point that bounds them, all objectives minimised.
public enum Hypervolume {
    /// The volume for integer objectives; points that do not beat the reference in every objective add nothing.
    ///
    /// Cost for n points in d objectives: n^(d - 1) big-integer operations.
    public static func exact(_ points: [[Int64]], reference: [Int64]) -> BigInteger {
        exact(points.map { $0.map { BigInteger($0) } }, reference: reference.map { BigInteger($0) })
    }

    /// The volume for fractions; points that do not beat the reference in every objective add nothing.
    public static func exact(_ points: [[Rational]], reference: [Rational]) -> Rational {
        var denominator = BigInteger.one
        for value in points.joined() + reference {
            let divisor = BigInteger.greatestCommonDivisor(denominator, value.denominator)
            denominator *= value.denominator / divisor
        }
        func whole(_ values: [Rational]) -> [BigInteger] {
            values.map { $0.numerator * (denominator / $0.denominator) }
        }
        let volume = exact(points.map(whole), reference: whole(reference))
        return Rational(volume) / Rational(denominator.raised(to: reference.count))
    }

    /// The volume for big integers.
    static func exact(_ points: [[BigInteger]], reference: [BigInteger]) -> BigInteger {
        precondition(!reference.isEmpty, "no objective")
        precondition(points.allSatisfy { $0.count == reference.count }, "points of another dimension")
        let inside = points.filter { point in zip(point, reference).allSatisfy { $0 < $1 } }
        return volume(inside.sorted { $0[$0.count - 1] < $1[$1.count - 1] }, reference)
    }

    /// Slices along the last objective, in which the points are sorted.
    private static func volume(_ points: [[BigInteger]], _ reference: [BigInteger]) -> BigInteger {
        let last = reference.count - 1
        guard let first = points.first else { return .zero }
        guard last > 0 else { return reference[0] - first[0] }
        if last == 1 { return area(points, reference) }
        var total = BigInteger.zero
        var below: [[BigInteger]] = []
        for (index, point) in points.enumerated() {
            let slice = Array(point.dropLast())
            let place = below.firstIndex { slice[last - 1] < $0[last - 1] } ?? below.count
            below.insert(slice, at: place)
            let end = index + 1 < points.count ? points[index + 1][last] : reference[last]
            guard end > point[last] else { continue }
            total += (end - point[last]) * volume(below, Array(reference.dropLast()))
        }
        return total
    }

    private static func area(_ points: [[BigInteger]], _ reference: [BigInteger]) -> BigInteger {
        var total = BigInteger.zero
        var edge = reference[0]
        for (index, point) in points.enumerated() {
            edge = min(edge, point[0])
            let end = index + 1 < points.count ? points[index + 1][1] : reference[1]
            total += (end - point[1]) * (reference[0] - edge)
        }
        return total
    }
}
