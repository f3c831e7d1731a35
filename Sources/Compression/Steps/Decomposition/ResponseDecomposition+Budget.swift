import Diagnostics
import Foundation
import Networks

extension ResponseDecomposition {
    /// The rank of every layer that is to be split, under a part of the multiplications of all.
    func allocate(
        _ part: Double, to layers: [String], of network: Network, observing observer: any ActivationObserver,
        remarks: inout [String]
    ) throws -> [String: Int] {
        let spectra = try ResponseSpectrum.spectra(of: layers, in: network, observing: observer, positions: positions)
        let whole = spectra.reduce(0) { $0 + $1.wholeCost }
        let budget = Int((part * Double(whole)).rounded(.down))
        let problem = RankAllocation(spectra.map(\.choices), budget: budget)
        guard let exact = problem.exact(), let greedy = problem.greedy() else {
            throw Diagnostics([
                Diagnostic(
                    "response decomposition: \(budget) of \(whole) multiplications are fewer than the \(problem.leastCost) of rank 1"
                )
            ])
        }
        let places =
            switch selection {
            case .exact: exact
            case .greedy: greedy
            }
        remarks.append(
            "\(problem.cost(of: places)) of \(whole) multiplications; kept part of the energy, all layers multiplied: "
                + "exact \(problem.energy(of: exact)), greedy \(problem.energy(of: greedy))")
        var ranks: [String: Int] = [:]
        for (spectrum, (choices, place)) in zip(spectra, zip(problem.layers, places)) {
            let isWhole = choices[place].cost == spectrum.wholeCost
            if !isWhole { ranks[spectrum.layer] = choices[place].rank }
            remarks.append(
                isWhole
                    ? "layer '\(spectrum.layer)': left whole" : "layer '\(spectrum.layer)': rank \(choices[place].rank)"
            )
        }
        return ranks
    }
}

extension RankAllocation {
    /// The kept parts of the energies of all layers multiplied, to six digits.
    fileprivate func energy(of places: [Int]) -> Double {
        (exp(Double(value(of: places)) / 1e9) * 1e6).rounded() / 1e6
    }
}

/// The eigenvalues of the covariance of a layer's responses, and what ranks cost.
private struct ResponseSpectrum {
    let layer: String
    let energies: [Double]
    /// Output positions of a case.
    let places: Int
    let columns: Int

    private var outputs: Int { energies.count }

    /// Multiplications of the layer as it is.
    var wholeCost: Int { places * columns * outputs }

    /// The ranks that cost less than the layer, and the layer itself.
    var choices: [RankAllocation.Choice] {
        let total = energies.reduce(0, +)
        var (kept, choices): (Double, [RankAllocation.Choice]) = (0, [])
        for (index, energy) in energies.enumerated() {
            kept += energy
            let cost = places * (index + 1) * (columns + outputs)
            guard cost < wholeCost else { break }
            choices.append(.init(rank: index + 1, cost: cost, kept: total > 0 ? min(kept / total, 1) : 1))
        }
        return choices + [.init(rank: outputs, cost: wholeCost, kept: 1)]
    }

    /// The spectra of all layers in one pass over the cases.
    static func spectra(
        of layers: [String], in network: Network, observing observer: any ActivationObserver, positions: Int
    ) throws -> [ResponseSpectrum] {
        let nodes = layers.compactMap { layer in network.node(ofLayer: layer) }
        let linear = nodes.compactMap { LinearResponse($0, in: network, positions: positions) }
        var moments = linear.map { LayerMoments(columns: $0.outputs) }
        try observer.observe(nodes.map { $0.inputs[0] }, of: network) { tensors in
            for (place, tensor) in tensors.enumerated() { moments[place].add(linear[place].responses(to: tensor)) }
        }
        guard moments.allSatisfy({ $0.count > 0 }) else {
            throw Diagnostics([Diagnostic("responses cannot be observed without calibration cases")])
        }
        return try zip(nodes, zip(linear, moments)).map { node, parts in
            let patches = parts.0.extents
            let values = try SymmetricEigenvectors(parts.1.scatter).values.map { max($0, 0) }
            return ResponseSpectrum(
                layer: node.name, energies: values, places: patches.positions, columns: patches.columns)
        }
    }
}
