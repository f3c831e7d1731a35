import Quantities

extension ProfileDecoder {
    /// The device that a resolved profile describes.
    func device(name: String) throws(Missing) -> Device {
        var memories: [Memory] = []
        for (name, decoder) in table("memories") { memories.append(try decoder.memory(name: name)) }
        var caches: [Cache] = []
        for (name, decoder) in table("caches") { caches.append(try decoder.cache(name: name)) }
        return Device(
            name: name, summary: try text("summary"), clock: try frequency("clock"), machine: try machine(),
            memories: memories, caches: caches, energy: try energyFacts(),
            defaultRuntime: optionalText("defaultRuntime"),
            arithmetic: try words("arithmetic"), calibration: try calibration())
    }

    private func machine() throws(Missing) -> Machine {
        let kind = try choice("machine", as: Machine.Kind.self)
        let part = try inner(kind.section)
        switch kind {
        case .processor: return .processor(try part.core())
        case .systolicArray: return .systolicArray(try part.array(buffers: try inner("memories")))
        case .neuralProcessor: return .neuralProcessor(try part.neuralProcessor())
        case .programmableLogic: return .programmableLogic(try part.logic())
        case .spatialArray: return .spatialArray(try part.spatialArray())
        case .sparseArray: return .sparseArray(try part.sparseArray())
        case .bitSerialArray: return .bitSerialArray(try part.bitSerialArray())
        case .binaryArray: return .binaryArray(try part.binaryArray())
        }
    }

    private func core() throws(Missing) -> Core {
        Core(
            name: try text("name"), architecture: try text("architecture"),
            pipeline: try choice("pipeline", as: Core.Pipeline.self), count: try integer("count"),
            issueWidth: try integer("issueWidth"), memoryPorts: try integer("memoryPorts"),
            multiplyUnits: try integer("multiplyUnits"), vectorWidth: try bits("vectorWidth"), costs: try costs("costs")
        )
    }

    private func array(buffers: ProfileDecoder) throws(Missing) -> SystolicArray {
        SystolicArray(
            rows: try integer("rows"), columns: try integer("columns"),
            dataflow: try choice("dataflow", as: SystolicArray.Dataflow.self), weightBits: try bits("weightBits"),
            activationBits: try bits("activationBits"), accumulatorBits: try bits("accumulatorBits"),
            doubleBuffered: try flag("doubleBuffered"),
            ifmapBuffer: try buffers.inner("ifmap").bytes("size"),
            filterBuffer: try buffers.inner("filter").bytes("size"),
            ofmapBuffer: try buffers.inner("ofmap").bytes("size"),
            memoryBandwidth: try bandwidth("memoryBandwidth"), memoryLatency: try cycles("memoryLatency").count,
            burst: try bytes("burst"))
    }

    private func memory(name: String) throws(Missing) -> Memory {
        Memory(
            name: name, kind: try choice("kind", as: Memory.Kind.self), size: try bytes("size"),
            holds: try choices("holds", as: Content.self), busWidth: try bits("busWidth"),
            waitStates: try cycles("waitStates").count, lineSize: try bytes("lineSize"), prefetch: try flag("prefetch"),
            bandwidth: optionalBandwidth("bandwidth"), readEnergyPerBit: optionalEnergyPerBit("readEnergyPerBit"),
            writeEnergyPerBit: optionalEnergyPerBit("writeEnergyPerBit"),
            writeWaitStates: (try? cycles("writeWaitStates"))?.count, dram: try? choice("dram", as: DRAMKind.self))
    }

    private func cache(name: String) throws(Missing) -> Cache {
        Cache(
            name: name, side: try choice("side", as: Cache.Side.self), level: try integer("level"),
            size: try bytes("size"), lineSize: try bytes("lineSize"), ways: try integer("ways"),
            serves: try words("serves"), hitLatency: try cycles("hitLatency").count)
    }
}

extension Machine.Kind {
    /// The section of a profile that holds the facts of this kind.
    var section: String {
        switch self {
        case .processor: "core"
        case .systolicArray: "array"
        case .neuralProcessor: "npu"
        case .programmableLogic: "logic"
        case .spatialArray: "spatial"
        case .sparseArray: "sparse"
        case .bitSerialArray: "bitSerial"
        case .binaryArray: "binary"
        }
    }
}
