import Quantities

extension ProfileDecoder {
    func spatialArray() throws(Missing) -> SpatialArray {
        SpatialArray(
            weightBits: try bits("weightBits"), activationBits: try bits("activationBits"),
            accumulatorBits: try bits("accumulatorBits"),
            assumedZeros: try integer("assumedZeros"), arrangement: try arrangement())
    }

    private func arrangement() throws(Missing) -> SpatialArray.Arrangement {
        if section["rowStationary"] != nil { return .rowStationary(try inner("rowStationary").rowStationary()) }
        var axes: [LoopNestArray.Axis] = []
        for (name, decoder) in table("axes") {
            axes.append(
                LoopNestArray.Axis(
                    name: name, size: try decoder.integer("size"),
                    unrolls: try decoder.choices("unrolls", as: LoopDimension.self)))
        }
        var levels: [LoopNestArray.Level] = []
        for (name, decoder) in table("levels") { levels.append(try decoder.level(name: name)) }
        return .loopNest(LoopNestArray(axes: axes, levels: levels))
    }

    private func rowStationary() throws(Missing) -> RowStationaryArray {
        RowStationaryArray(
            rows: try integer("rows"), columns: try integer("columns"), inputStore: try bytes("inputStore"),
            filterStore: try bytes("filterStore"), sumStore: try bytes("sumStore"),
            sharedBuffer: try bytes("sharedBuffer"), filterBuffer: try bytes("filterBuffer"),
            filterBus: try bits("filterBus"), inputBus: try bits("inputBus"), sumBus: try bits("sumBus"),
            runBits: try bits("runBits"), codeWord: try bits("codeWord"),
            bufferEnergyPerBit: optionalEnergyPerBit("bufferEnergyPerBit"),
            networkEnergyPerBit: optionalEnergyPerBit("networkEnergyPerBit"))
    }

    private func level(name: String) throws(Missing) -> LoopNestArray.Level {
        guard let read = optionalEnergyPerBit("readEnergyPerBit"),
            let write = optionalEnergyPerBit("writeEnergyPerBit")
        else { throw Missing() }
        return LoopNestArray.Level(
            name: name, operands: try choices("operands", as: LoopOperand.self), size: try bytes("size"),
            word: try bits("word"), doubleBuffered: try flag("doubleBuffered"), serves: Set(try words("serves")),
            readEnergyPerBit: read,
            writeEnergyPerBit: write, readBandwidth: optionalBandwidth("readBandwidth"),
            writeBandwidth: optionalBandwidth("writeBandwidth"))
    }
}
