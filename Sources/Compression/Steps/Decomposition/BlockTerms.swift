import Tensors

/// Filters as a sum of Tucker-2 products, each of its own input and output subspaces.
struct BlockTerms {
    /// One a block.
    private(set) var blocks: [TuckerFactors] = []
    /// The sum of squares of filters minus sum of blocks.
    private(set) var squaredError: Double

    /// Every block in turn is fitted to what the others leave, from nothing, for some rounds; a block is never made worse.
    init(_ weights: Tensor, blocks count: Int, inputRank: Int, outputRank: Int, rounds: Int) throws {
        let shape = weights.shape
        var products: [Matrix] = []
        var residual = weights.filters(groups: 1)[0]
        squaredError = residual.squaredNorm
        for round in 0..<max(rounds, 1) {
            for index in 0..<count {
                let own = round == 0 ? nil : products[index]
                let left = own.map { residual.plus($0) } ?? residual
                let block = try TuckerFactors(
                    Tensor(shape, left.elements.map(Float.init)), inputRank: inputRank, outputRank: outputRank,
                    iterations: 3)
                let product = block.product
                let next = left.minus(product)
                guard own == nil || next.squaredNorm < squaredError else { continue }
                (residual, squaredError) = (next, next.squaredNorm)
                if own == nil {
                    blocks.append(block)
                    products.append(product)
                } else {
                    (blocks[index], products[index]) = (block, product)
                }
            }
        }
    }

    /// The filters of the channels that the last layer combines, `(blocks, outputRank) x columns`.
    var features: Matrix { Matrix(stacking: blocks.map(\.features)) }
}
