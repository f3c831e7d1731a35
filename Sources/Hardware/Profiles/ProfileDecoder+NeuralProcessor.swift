import Quantities

extension ProfileDecoder {
    /// The engine of a neural processor.
    func neuralProcessor() throws(Missing) -> NeuralProcessor {
        NeuralProcessor(
            macsPerCycle: try integer("macsPerCycle"), cores: try integer("cores"), weightBits: try bits("weightBits"),
            activationBits: try bits("activationBits"), decodesWeights: try flag("decodesWeights"),
            unitHeight: try integer("unitHeight"), unitWidth: try integer("unitWidth"),
            unitDepth: try integer("unitDepth"), inputUnitDepth: try integer("inputUnitDepth"),
            buffer: try inner("buffer").blockBuffer(), outputs: try inner("outputs").outputCosts(),
            stepDelay: try cycles("stepDelay").count, wideStepDelay: try cycles("wideStepDelay").count,
            thinBlockDelay: try cycles("thinBlockDelay").count, poolingBits: try bits("poolingBits").count,
            staging: optionalText("staging"))
    }

    private func blockBuffer() throws(Missing) -> NeuralProcessor.Buffer {
        NeuralProcessor.Buffer(
            banks: try integer("banks"), bankSize: try bytes("bankSize"), outputBanks: try integer("outputBanks"),
            endBanks: try integer("endBanks"), granules8: try integer("granules8"),
            granules16: try integer("granules16"), granules32: try integer("granules32"),
            sumGranules: try integer("sumGranules"), wideSumGranules: try integer("wideSumGranules"))
    }

    private func outputCosts() throws(Missing) -> NeuralProcessor.Outputs {
        NeuralProcessor.Outputs(
            wideUnary: try cost("wideUnary"), wideBinary: try cost("wideBinary"),
            wideProduct: try cost("wideProduct"), product: try cost("product"), sum: try cost("sum"),
            maximum: try cost("maximum"), plain: try cost("plain"), table: try cost("table"))
    }
}
