import Quantities
import Workloads

extension ProfileDecoder {
    /// The runtime library that a resolved profile describes.
    func runtime(name: String) throws(Missing) -> RuntimeLibrary {
        var kernels: [Kernel] = []
        for (name, decoder) in table("kernels") { kernels.append(try decoder.kernel(name: name)) }
        return RuntimeLibrary(
            name: name, version: try text("version"), summary: try text("summary"), kernels: kernels,
            perLayer: mix("perLayer"), perInference: mix("perInference"), codeSize: try bytes("codeSize"),
            fixedRAM: try bytes("fixedRAM"), perLayerRAM: try bytes("perLayerRAM"),
            perLayerFlash: try bytes("perLayerFlash"), alignment: try bytes("alignment"),
            packsActivations: try flag("packsActivations"), perFork: mix("perFork"), work: try work(),
            calibrations: try calibrations())
    }

    private func kernel(name: String) throws(Missing) -> Kernel {
        Kernel(
            name: name, computeClasses: try choices("computeClasses", as: ComputeClass.self),
            pointwiseOnly: try flag("pointwiseOnly"), weightBits: try range("weightBits"),
            activationBits: try range("activationBits"), isFloat: try flag("isFloat"),
            weightForms: try choices("weightForms", as: Kernel.WeightForm.self),
            method: try choice("method", as: Kernel.Method.self), gatheredBits: try integer("gatheredBits"),
            gatheredPatches: try integer("gatheredPatches"),
            block: Kernel.Block(pixels: try integer("blockPixels"), channels: try integer("blockChannels")),
            step: try integer("step"), inner: mix("inner"), perBlock: mix("perBlock"), perOutput: mix("perOutput"),
            perGathered: mix("perGathered"), perRow: mix("perRow"), perCall: mix("perCall"),
            skipsZeroWeights: try flag("skipsZeroWeights"), codeSize: try bytes("codeSize"),
            perLeftover: optionalMix("perLeftover"), perTap: mix("perTap"), perIndexWord: mix("perIndexWord"),
            skipsPadding: try flag("skipsPadding"), tile: try integer("tile"), isBlocked: try flag("blocked"),
            parallelism: try choice("parallel", as: Kernel.Parallelism.self), floatBits: try integer("floatBits"),
            architectures: try words("architectures"))
    }
}
