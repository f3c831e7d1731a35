import Quantities

extension ProfileDecoder {
    func sparseArray() throws(Missing) -> SparseArray {
        SparseArray(
            skipping: try choice("skipping", as: SparseArray.Skipping.self), rows: try integer("rows"),
            columns: try integer("columns"), activationLanes: try integer("activationLanes"),
            weightLanes: try integer("weightLanes"), queueDepth: try integer("queueDepth"),
            indexBits: try bits("indexBits"), blockSize: try integer("blockSize"),
            blockNonzeros: try integer("blockNonzeros"), accumulators: try integer("accumulators"),
            accumulatorBanks: try integer("accumulatorBanks"), weightBits: try bits("weightBits"),
            activationBits: try bits("activationBits"), accumulatorBits: try bits("accumulatorBits"),
            weightBuffer: try bytes("weightBuffer"), activationBuffer: try bytes("activationBuffer"))
    }

    func bitSerialArray() throws(Missing) -> BitSerialArray {
        let lanes = try integer("lanes")
        let digits = (weight: try bits("weightDigit"), activation: try bits("activationDigit"))
        return BitSerialArray(
            rows: try integer("rows"), columns: try integer("columns"), lanes: lanes,
            signLanes: (try? integer("signLanes")) ?? lanes, weightDigit: Bits(max(1, digits.weight.count)),
            activationDigit: Bits(max(1, digits.activation.count)), bricks: try integer("bricks"),
            roundsWidths: try flag("roundsWidths"),
            zeroBits: try choice("zeroBits", as: BitSerialArray.ZeroBits.self),
            synchronizedProducts: try integer("synchronizedProducts"), latency: try cycles("latency").count,
            weightBits: try bits("weightBits"), activationBits: try bits("activationBits"),
            accumulatorBits: try bits("accumulatorBits"), weightBuffer: try bytes("weightBuffer"),
            activationBuffer: try bytes("activationBuffer"))
    }
}
