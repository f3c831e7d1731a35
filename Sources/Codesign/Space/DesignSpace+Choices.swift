import Compression

extension DesignSpace {
    /// The choices for a layer whose uncompressed form is `own`.
    ///
    /// Layers without weights vary only their results' width; integer networks keep their activations and never widen.
    package func choices(replacing own: LayerChoice, isInteger: Bool) -> [LayerChoice] {
        let weightChoices = own.weightBits.map { given in weightBits.filter { !isInteger || $0 <= given } }
        let activationChoices = own.activationBits == nil ? nil : activationBits
        let moveChoices = own.weightBits == nil ? [[]] : moves
        var choices: [LayerChoice] = []
        for move in moveChoices {
            for weights in weightChoices.map({ $0.map(Optional.some) }) ?? [nil] {
                for activations in activationChoices.map({ $0.map(Optional.some) }) ?? [nil] {
                    choices.append(LayerChoice(weightBits: weights, activationBits: activations, moves: move))
                }
            }
        }
        return choices
    }
}

extension Evaluator {
    /// The choices of `space` for each layer that are the layer's to make.
    func menu(of space: DesignSpace) -> [[LayerChoice]] {
        baseline.assignments.map { assignment in
            space.choices(replacing: assignment.choice, isInteger: network.isInteger).filter {
                owns($0, layer: assignment.layer)
            }
        }
    }

    /// Whether `choice` is `layer`'s to make: channels that leave together are the choice of the first layer of the group.
    func owns(_ choice: LayerChoice, layer: String) -> Bool {
        let entries = choice.moves.map { RecipeEntry(step: $0.step, layers: [layer], parameters: $0.parameters) }
        guard let steps = try? catalog.steps(of: Recipe(steps: entries)) else { return false }
        guard steps.contains(where: { $0.category == .removal }) else { return true }
        return leaders.contains(layer)
    }
}
