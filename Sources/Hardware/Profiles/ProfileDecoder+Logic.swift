import Quantities

extension ProfileDecoder {
    func logic() throws(Missing) -> ProgrammableLogic {
        ProgrammableLogic(
            lookupTables: try integer("lookupTables"), flipFlops: try integer("flipFlops"),
            blockMemories: try integer("blockMemories"), multipliers: try integer("multipliers"),
            inputBandwidth: optionalBandwidth("inputBandwidth"), port: try? bits("port"),
            portLatency: try cycles("portLatency").count, framesPerCall: try? integer("framesPerCall"),
            callOverhead: try cycles("callOverhead").count,
            foldings: try words("foldings").compactMap(Folding.init(text:)))
    }

    func binaryArray() throws(Missing) -> BinaryArray {
        BinaryArray(
            elements: try integer("elements"), wordBits: try integer("wordBits"),
            weightBits: try integer("weightBits"), activationBits: try integer("activationBits"),
            accumulatorBits: try integer("accumulatorBits"), passOverhead: try cycles("passOverhead").count,
            weightStore: try bytes("weightStore"), memoryBandwidth: try bandwidth("memoryBandwidth"))
    }
}
