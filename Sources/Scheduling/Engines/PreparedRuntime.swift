public import Hardware
import Quantities
import Workloads

/// A runtime library on one core: its kernels with their times, and the choice among them.
public struct PreparedRuntime: Engine {
    public let library: RuntimeLibrary
    public let core: Core
    public let kernels: [PreparedKernel]
    public let perLayer: PieceTime
    public let perInference: PieceTime
    public let perFork: PieceTime
    /// The kernels of each class of work, by the position of the class, in the order of the file.
    private let candidates: [[Int]]

    public init(_ library: RuntimeLibrary, on core: Core) {
        self.library = library
        self.core = core
        let kernels = library.kernels.map { PreparedKernel($0, on: core) }
        self.kernels = kernels
        candidates = ComputeClass.allCases.sorted { $0.position < $1.position }.map { computeClass in
            kernels.indices.filter { kernels[$0].loops.accepts(computeClass) }
        }
        perLayer = PieceTime(library.perLayer, on: core)
        perInference = PieceTime(library.perInference, on: core)
        perFork = PieceTime(library.perFork, on: core)
    }

    /// The share of a kernel's work that the busiest of the cores does, 0...1.
    public func largestShare(of run: KernelRun, kernel: Int) -> Double {
        run.largestShare(kernels[kernel].loops.parallelism, cores: core.count)
    }

    /// How the runtime keeps activations.
    public var storage: ActivationStorage {
        ActivationStorage(isPacked: library.packsActivations, alignment: library.alignment.count)
    }

    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        choice(for: operands).map { choice in
            guard let (index, run) = choice else { return ScheduledForm(.none) }
            return ScheduledForm(.kernel(name: kernels[index].name, index: index), scratchBytes: run.scratchBytes)
        }
    }

    public func softwareRAM(layers: Int) -> [MemoryPart] {
        [
            MemoryPart(name: "runtime", bytes: library.fixedRAM.count),
            MemoryPart(name: "layer descriptors", bytes: library.perLayerRAM.count * layers),
        ].filter { $0.bytes > 0 }
    }

    public func software(of forms: [Schedule.Form]) -> [MemoryPart] {
        var used = Set<Int>()
        for case .kernel(_, let index) in forms { used.insert(index) }
        let code = used.sorted().map { index in
            MemoryPart(name: "code of \(kernels[index].name)", bytes: kernels[index].codeBytes)
        }
        let library = [
            MemoryPart(name: "code of the runtime", bytes: library.codeSize.count),
            MemoryPart(name: "layer descriptors", bytes: library.perLayerFlash.count * forms.count),
        ]
        return (library + code).filter { $0.bytes > 0 }
    }

    /// The kernel of fewest issue cycles among those that can run a layer, with its run; nil for a free layer.
    ///
    /// The earlier kernel of the file wins a tie.
    public func choice(for operands: LayerOperands) -> Result<(index: Int, run: KernelRun)?, UnsupportedLayer> {
        if operands.layer.computeClass == .free { return .success(nil) }
        var best: (index: Int, run: KernelRun, cycles: Double)?
        var nearest = PreparedKernel.Objection.computeClass
        for index in candidates[operands.layer.computeClass.position] {
            if let objection = kernels[index].objection(to: operands) {
                if objection.rank > nearest.rank { nearest = objection }
                continue
            }
            let run = KernelRun(kernels[index].loops, on: operands)
            let cycles = kernels[index].issueCycles(run) * largestShare(of: run, kernel: index)
            if cycles < best?.cycles ?? .infinity { best = (index, run, cycles) }
        }
        if let best { return .success((best.index, best.run)) }
        let reason = describe(nearest, operands.layer)
        return .failure(UnsupportedLayer(layer: operands.layer.name, reason: reason))
    }

    private func describe(_ objection: PreparedKernel.Objection, _ layer: WorkloadLayer) -> String {
        let kind = "\(layer.computeClass.rawValue) kernel"
        switch objection {
        case .computeClass: return "\(library.name) has no \(kind)"
        case .arithmetic: return "\(library.name) has no \(layer.isFloat ? "float" : "integer") \(kind)"
        case .window: return "\(library.name) has no \(kind) for this window"
        case .weightForm(let form): return "\(library.name) has no \(kind) for \(form.rawValue) weights"
        case .activationBits(let bits): return "\(library.name) has no \(kind) for \(bits)-bit activations"
        case .weightBits(let bits): return "\(library.name) has no \(kind) for \(bits)-bit weights"
        case .instructions(let names):
            return "\(core.name) lacks instructions that \(library.name) needs: \(names.joined(separator: ", "))"
        }
    }
}
