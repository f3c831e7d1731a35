extension Certificate {
    /// Writes down what a search has proved, in the terms of the original tables.
    init(_ search: BranchAndBound, solution: ChoiceSolution?, bound: Int128?) {
        let table = search.table
        var writing = CertificateWriting(table)
        var nodes: [Node] = []
        var pending = [0]
        while let index = pending.popLast() {
            let record = search.records[index]
            let split = record.split.map { split in
                Split(group: split.group, left: writing.options(split.left))
            }
            nodes.append(Node(steps: record.proofs.map { writing.step($0) }, split: split))
            if let children = record.split?.children {
                pending += [children.right, children.left]
            }
        }
        self.init(
            choice: solution?.choice, damage: solution?.damage, bound: bound, cuts: writing.cuts, nodes: nodes)
    }
}

/// The cuts that the steps written so far use, in the order of their first use.
private struct CertificateWriting {
    let table: ColumnTable
    private(set) var cuts: [Certificate.Cut] = []
    private var indexOfRow: [Int: Int] = [:]

    init(_ table: ColumnTable) {
        self.table = table
    }

    /// The columns' options with all that they dominate.
    func options(_ columns: [Int]) -> [Int] {
        columns.flatMap { [table.option[$0]] + table.followers[$0] }.sorted()
    }

    mutating func step(_ proof: IntegerMultipliers) -> Certificate.Step {
        var step = Certificate.Step(scale: proof.scale, weights: [], cutWeights: [])
        for (row, weight) in proof.weights.enumerated() where weight > 0 {
            switch table.sources[row] {
            case .resource(let resource): step.weights.append(.init(resource: resource, weight: weight))
            case .cut(let cut): step.cutWeights.append(.init(cut: index(of: cut, row: row), weight: weight))
            }
        }
        return step
    }

    private mutating func index(of cut: CoverCut, row: Int) -> Int {
        if let index = indexOfRow[row] { return index }
        let byGroup = Dictionary(grouping: cut.columns) { table.group[$0] }
        let members = byGroup.sorted { $0.key < $1.key }.map { group, columns in
            Certificate.Member(group: group, options: options(columns))
        }
        cuts.append(Certificate.Cut(resource: cut.resource, atMost: cut.atMost, members: members))
        indexOfRow[row] = cuts.count - 1
        return cuts.count - 1
    }
}
