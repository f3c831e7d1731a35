extension Certificate {
    /// Writes down what a search has proved, in the terms of the original tables.
    init(_ search: BranchAndBound, solution: ChoiceSolution?, bound: Int128?) {
        let table = search.table
        var nodes: [Node] = []
        var pending = [0]
        while let index = pending.popLast() {
            let record = search.records[index]
            let steps = record.proofs.map { proof in
                let weights = proof.weights.enumerated().compactMap { row, weight in
                    weight == 0 ? nil : Weight(resource: table.resource[row], weight: weight)
                }
                return Step(scale: proof.scale, weights: weights)
            }
            let split = record.split.map { split in
                let options = split.left.flatMap { [table.option[$0]] + table.followers[$0] }
                return Split(group: split.group, left: options.sorted())
            }
            nodes.append(Node(steps: steps, split: split))
            if let children = record.split?.children {
                pending += [children.right, children.left]
            }
        }
        self.init(choice: solution?.choice, damage: solution?.damage, bound: bound, nodes: nodes)
    }
}
