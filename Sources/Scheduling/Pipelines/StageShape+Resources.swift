import Workloads

/// What a folded stage takes of the chip.
///
/// Sources: a popcount with accumulation of 128 bits takes 376 lookup tables and a signed accumulation 759 (Umuroglu et
/// al., FINN, FPGA 2017, section 4.2.1; 1-bit weights with 2-bit activations are taken to be the latter, wider ones to grow
/// with the adders of the tree, `n + 2` bits a product); products of wider operands follow Blott et al., FINN-R, TRETS
/// 2018, as do 300 lookup tables of control for each stage, accumulators and thresholds. Weights lie in one memory for each
/// element, line buffers in `rows of the window + stride` memories (finn-hlslib).
extension StageShape {
    func resources(
        elements: Int, lanes: Int, multiplierUse: PipelineStage.MultiplierUse, lineStore: PipelineStage.LineStore
    )
        -> LogicResources
    {
        var resources: LogicResources
        switch kind {
        case .host: return LogicResources()
        case .product: resources = product(elements, lanes, multiplierUse)
        case .pool:
            let row = LogicMemory(width: rows * inputBits, depth: loops.outputWidth)
            resources = LogicResources(lookupTables: 300 + 2 * elements * inputBits + row.lookupTables)
        case .stream:
            let steps = outputBits <= 4 && outputBits < inputBits ? (1 << outputBits) - 1 : 2
            resources = LogicResources(lookupTables: 300 + elements * (inputBits * steps + outputBits))
        }
        if hasWindow { resources = resources + window(lineStore, elements, lanes) }
        return resources
    }

    /// Lookup tables for 128 products and their sum.
    func tablesFor128Products(inTables: Bool) -> Int {
        let (narrow, wide) = (min(weightBits, inputBits), max(weightBits, inputBits))
        if narrow <= 1 { return wide <= 1 ? 376 : 759 * (wide + 2) / 4 }
        let bits = weightBits + inputBits
        return 1408 * ((inTables ? Self.tablesOfProduct(bits) : 0) + 2 * bits) / 10
    }

    /// Lookup tables of a product of operands with so many bits together (FINN-R).
    private static func tablesOfProduct(_ bits: Int) -> Int { (2 * ((bits + 5) / 6) - 1) * bits }

    /// Bits of a sum of all products of an output.
    private var sumBits: Int { weightBits + inputBits + (Int.bitWidth - max(1, columns).leadingZeroBitCount) }

    /// `true` where sums are rescaled to the next layer's width by a multiplication of 16 bits.
    var rescales: Bool { kind == .product && outputBits > 4 && outputBits < min(sumBits, 16) }

    /// Hard multipliers of one product: 25 x 18 bits each, signs included (AMD UG479).
    var multipliersPerProduct: Int {
        ceiling(max(weightBits, inputBits), 24) * ceiling(min(weightBits, inputBits), 17)
    }

    private func product(_ elements: Int, _ lanes: Int, _ use: PipelineStage.MultiplierUse) -> LogicResources {
        let products = elements * lanes
        let folds = ceiling(rows, elements)
        var tables = 300 + (products * tablesFor128Products(inTables: use != .products) + 127) / 128
        var multipliers = use == .products ? products * multipliersPerProduct : 0
        var perElement = sumBits
        if outputBits <= 4 {
            perElement += ((1 << outputBits) - 1) * sumBits * (1 + ceiling(folds, 64))
        } else if rescales {
            perElement += sumBits
            if use == .nothing { perElement += Self.tablesOfProduct(sumBits + 16) } else { multipliers += elements }
        }
        tables += elements * perElement * 11 / 10
        let memory = LogicMemory(
            width: lanes * weightBits, depth: folds * ceiling(columns, lanes) * matrices)
        if memory.isDistributed {
            tables += elements * memory.lookupTables
            return LogicResources(lookupTables: tables, multipliers: multipliers)
        }
        return LogicResources(
            lookupTables: tables, blockMemories: elements * memory.blocks, multipliers: multipliers)
    }

    /// The line buffers with their control, and the change of width in front of them.
    private func window(_ store: PipelineStage.LineStore, _ elements: Int, _ lanes: Int) -> LogicResources {
        guard hasLines else { return LogicResources(lookupTables: 300) }
        let tables = 300 + 2 * channels * inputBits
        let lines = loops.kernelHeight + loops.strideHeight
        let pixels = loops.inputWidth + 2 * loops.paddingLeft
        let words = store == .pixels ? 1 : wordsOfPixel(elements: elements, lanes: lanes)
        let line = LogicMemory(width: ceiling(channels, words) * inputBits, depth: pixels * words)
        switch store {
        case .pixels, .lanes: return LogicResources(lookupTables: tables, blockMemories: lines * line.blocks)
        case .tables: return LogicResources(lookupTables: tables + lines * line.lookupTables)
        }
    }
}
