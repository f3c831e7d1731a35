import Diagnostics

/// A rank as a recipe gives it: a number, a fraction of the full rank, or what stands above the noise of the weights.
struct Rank {
    let rank: Int?
    let fraction: Double?
    var source: RankSource = .given

    /// The number for a layer; 0 when the weights are nothing but noise.
    ///
    /// - Parameter matrix: the weights whose rank is asked for.
    /// - Throws: `Diagnostic` when not exactly one of rank, fraction and noise says the rank, or the rank is above the full one.
    func resolve(full: Int, layer: String, name: String = "rank", of matrix: () throws -> Matrix) throws -> Int {
        guard source == .evbmf else { return try resolve(full: full, layer: layer, name: name) }
        guard rank == nil, fraction == nil else {
            throw Diagnostic(layer: layer, "ranks from the noise of the weights leave no \(name) or fraction to give")
        }
        return min(try VariationalRank(of: try matrix()).rank, full)
    }

    /// The number for a layer.
    ///
    /// - Throws: `Diagnostic` when neither or both are given, or the rank is above the full one.
    func resolve(full: Int, layer: String, name: String = "rank") throws -> Int {
        switch (rank, fraction) {
        case (let rank?, nil):
            guard (1...full).contains(rank) else {
                throw Diagnostic(layer: layer, "\(name) \(rank) is outside 1...\(full), the full rank")
            }
            return rank
        case (nil, let fraction?):
            guard fraction > 0, fraction <= 1 else {
                throw Diagnostic(layer: layer, "fraction \(fraction) of the full rank is outside 0...1 or is 0")
            }
            return max(1, Int((fraction * Double(full)).rounded()))
        case (nil, nil), (.some, .some):
            throw Diagnostic(layer: layer, "give either \(name) or fraction")
        }
    }

    static let rankParameter = ParameterDescription(
        "rank", "Rank kept, at most the full one; give this or a fraction", .integer(1...1_048_576, default: nil))
    static let fractionParameter = ParameterDescription(
        "fraction", "Part of the full rank kept, at least rank 1; give this or a rank",
        .number(0.0001...1, default: nil))

    /// The parameters as they stand in a recipe.
    var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [:]
        if let rank { parameters["rank"] = .integer(rank) }
        if let fraction { parameters["fraction"] = .number(fraction) }
        if source != .given { parameters["ranks"] = .text(source.rawValue) }
        return parameters
    }
}

/// What says the ranks of a decomposition.
public enum RankSource: String, Sendable, Hashable, CaseIterable {
    /// The recipe, by a rank or a fraction.
    case given
    /// The weights: what stands above their noise (empirical variational Bayes matrix factorization).
    case evbmf

    static let parameter = ParameterDescription(
        "ranks", "given by rank or fraction, or by evbmf: what stands above the noise of the weights",
        .choice(RankSource.allCases.map(\.rawValue), default: RankSource.given.rawValue))
}
