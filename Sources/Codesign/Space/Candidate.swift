package import Compression

/// A point of the design space: what is done to every layer.
public struct Candidate: Sendable, Hashable, Codable {
    /// The choice for one layer.
    public struct Assignment: Sendable, Hashable, Codable {
        /// The layer's name in the network as given.
        public var layer: String
        public var choice: LayerChoice

        public init(layer: String, choice: LayerChoice) {
            self.layer = layer
            self.choice = choice
        }
    }

    /// One assignment a layer, in execution order.
    public var assignments: [Assignment]

    public init(assignments: [Assignment]) {
        self.assignments = assignments
    }

    /// The same point but for one layer.
    func replacing(_ index: Int, by choice: LayerChoice) -> Candidate {
        var copy = self
        copy.assignments[index].choice = choice
        return copy
    }

    /// The steps that change the network's structure and its real weights, in a legal order.
    package func structuralEntries() -> [RecipeEntry] {
        let depth = assignments.map(\.choice.moves.count).max() ?? 0
        var entries: [RecipeEntry] = []
        for place in 0..<depth {
            for assignment in assignments where place < assignment.choice.moves.count {
                let move = assignment.choice.moves[place]
                entries.append(
                    RecipeEntry(
                        step: move.step, layers: LayerSelection([assignment.layer]), parameters: move.parameters))
            }
        }
        let binary = assignments.filter { $0.choice.weightBits == 1 }.map(\.layer)
        if !binary.isEmpty {
            entries.append(RecipeEntry(step: "binary-weights", layers: LayerSelection(binary)))
        }
        return entries
    }

    /// The steps that turn reals into integers and choose how they are stored.
    ///
    /// - Parameter baseline: the point whose grids a network that is already integer has; nil for a float network.
    package func integerEntries(baseline: Candidate?) -> [RecipeEntry] {
        guard let baseline else {
            return [quantization(layers: .all, of: assignments, activations: true), Candidate.coding]
        }
        let changed = zip(assignments, baseline.assignments).compactMap { mine, given -> Assignment? in
            let bits = mine.choice.weightBits
            return bits == given.choice.weightBits || bits == 1 || bits == nil ? nil : mine
        }
        guard !changed.isEmpty else { return [Candidate.coding] }
        let selection = LayerSelection(changed.map(\.layer))
        return [quantization(layers: selection, of: changed, activations: false), Candidate.coding]
    }

    /// Plain symbols: no kernel reads words of a code.
    private static let coding = RecipeEntry(
        step: "storage-coding", parameters: ["coding": .text("best"), "symbols": .text("plain")])

    private func quantization(
        layers: LayerSelection, of assignments: [Assignment], activations: Bool
    ) -> RecipeEntry {
        var weightBits: [String: Int] = [:]
        var activationBits: [String: Int] = [:]
        for assignment in assignments {
            if let bits = assignment.choice.weightBits, bits > 1 { weightBits[assignment.layer] = bits }
            if let bits = assignment.choice.activationBits { activationBits[assignment.layer] = bits }
        }
        var parameters: [String: ParameterValue] = ["weightClipping": .text("mse")]
        if !weightBits.isEmpty { parameters["layerWeightBits"] = .table(weightBits) }
        if activations {
            parameters["activationBits"] = .integer(8)
            parameters["activationClipping"] = .text("mse")
            if !activationBits.isEmpty { parameters["layerActivationBits"] = .table(activationBits) }
        }
        return RecipeEntry(step: "fixed-point-quantization", layers: layers, parameters: parameters)
    }
}
