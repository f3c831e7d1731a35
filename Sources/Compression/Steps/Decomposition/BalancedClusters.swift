/// Items in clusters of equal size, by the k-means iteration with sizes held equal.
struct BalancedClusters {
    /// The cluster of every item.
    private(set) var clusters: [Int]
    private let count: Int

    /// Items of every cluster, ascending, one cluster behind the other.
    var order: [Int] {
        clusters.indices.sorted { (clusters[$0], $0) < (clusters[$1], $1) }
    }

    /// Clusters of the nearest rows, from centres as far apart as can be.
    ///
    /// - Precondition: `count` divides the number of rows.
    init(rows: Matrix, count: Int) {
        self.count = count
        let vectors = (0..<rows.rows).map(rows.row)
        func distance(_ left: [Double], _ right: [Double]) -> Double {
            zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        var centres = [vectors[0]]
        while centres.count < count {
            let gaps = vectors.map { vector in centres.map { distance(vector, $0) }.min() ?? 0 }
            centres.append(vectors[gaps.indices.max { gaps[$0] < gaps[$1] } ?? 0])
        }
        func costs() -> Matrix {
            Matrix(rows: vectors.count, columns: count) { distance(vectors[$0], centres[$1]) }
        }
        clusters = BalancedClusters.start(costs: costs())
        for _ in 0..<50 {
            for cluster in 0..<count {
                let members = clusters.indices.filter { clusters[$0] == cluster }
                centres[cluster] = (0..<rows.columns).map { column in
                    members.reduce(0) { $0 + rows[$1, column] } / Double(members.count)
                }
            }
            guard exchange(costs: costs()) else { return }
        }
    }

    /// Clusters by the cost of every item in every cluster.
    init(costs: Matrix) {
        count = costs.columns
        clusters = BalancedClusters.start(costs: costs)
        _ = exchange(costs: costs)
    }

    /// Cheapest places first, while clusters have room.
    private static func start(costs: Matrix) -> [Int] {
        let room = costs.rows / costs.columns
        var clusters = [Int](repeating: -1, count: costs.rows)
        var sizes = [Int](repeating: 0, count: costs.columns)
        let places = costs.elements.indices.sorted { (costs.elements[$0], $0) < (costs.elements[$1], $1) }
        for place in places {
            let (item, cluster) = (place / costs.columns, place % costs.columns)
            guard clusters[item] < 0, sizes[cluster] < room else { continue }
            clusters[item] = cluster
            sizes[cluster] += 1
        }
        return clusters
    }

    /// Lets two items change places while that lowers the cost; whether any did.
    mutating func exchange(costs: Matrix) -> Bool {
        var (changed, isMoving) = (false, true)
        while isMoving {
            isMoving = false
            for first in clusters.indices {
                for second in 0..<first where clusters[first] != clusters[second] {
                    let (left, right) = (clusters[first], clusters[second])
                    let now = costs[first, left] + costs[second, right]
                    let then = costs[first, right] + costs[second, left]
                    guard then < now * (1 - 1e-12) else { continue }
                    (clusters[first], clusters[second]) = (right, left)
                    (isMoving, changed) = (true, true)
                }
            }
        }
        return changed
    }
}
