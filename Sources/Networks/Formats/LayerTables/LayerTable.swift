import Diagnostics
public import Manifests
public import Workloads

/// A table of layers with titled columns: shapes, strides, padding, widths, dead filters and which layers feed which.
///
/// `layer` names the row, `class` is a compute class; channels are totals over all groups; `inputs` are names of layers
/// above, separated by `;`, empty for the layer before. Documentation/LayerTables.md has the columns.
public struct LayerTable: WorkloadReader {
    public static let name = "layer table"

    private static let longest = 1 << 20

    public init() {}

    public func recognizes(_ heading: [String]) -> Bool {
        ["layer", "class", "outputChannels"].allSatisfy(heading.contains)
    }

    public func workload(_ table: DelimitedTable, named name: String) throws -> Workload {
        var chain = WorkloadChain(name: name)
        var findings: [Diagnostic] = []
        for row in table.rows {
            var reader = RowReader(row, of: table)
            append(&reader, to: &chain)
            findings += reader.findings
        }
        if table.rows.isEmpty { findings.append(Diagnostic("the table has no layer", at: table.location(line: 1))) }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return chain.workload
    }

    private func append(_ reader: inout RowReader, to chain: inout WorkloadChain) {
        let name = reader.text("layer")
        let computeClass = reader.choice("class", as: ComputeClass.self)
        guard let loops = loops(&reader, computeClass), let name, let computeClass else { return }
        var layer = TableLayer(name, computeClass, loops)
        layer.weightBits = reader.field("weightBits") == nil ? nil : reader.integer("weightBits", in: 1...64)
        layer.activationBits = reader.integer("activationBits", in: 1...64, fallback: 8) ?? 8
        layer.isFloat = reader.flag("isFloat", fallback: false) ?? false
        layer.deadOutputs = reader.integer("deadOutputs", in: 0...Self.longest, fallback: 0) ?? 0
        layer.weightDensity = density("weightDensity", &reader)
        layer.activationDensity = density("activationDensity", &reader)
        let inputs = reader.field("inputs").map { field in
            WorkloadChain.Inputs.named(field.split(separator: ";").map { Self.source(String($0)) })
        }
        if layer.deadOutputs > layer.outputChannels { reader.fault("more filters are dead than the layer has") }
        guard reader.findings.isEmpty else { return }
        if let refusal = chain.append(layer, inputs: inputs ?? .previous) { reader.fault(refusal) }
    }

    /// A fraction that is not zero; nil for an empty field.
    private func density(_ title: String, _ reader: inout RowReader) -> Double? {
        reader.field(title) == nil ? nil : reader.number(title, in: 0...1)
    }

    /// The word `input` names the network's input.
    private static func source(_ name: String) -> String {
        let trimmed = name.filter { !$0.isWhitespace }
        return trimmed == "input" ? "" : trimmed
    }

    private func loops(_ reader: inout RowReader, _ computeClass: ComputeClass?) -> LoopNest? {
        var loops = LoopNest()
        let extent = 1...Self.longest
        func read(_ title: String, _ range: ClosedRange<Int>, _ fallback: Int?) -> Int {
            reader.integer(title, in: range, fallback: fallback) ?? 1
        }
        loops.batch = read("batch", extent, 1)
        let inputs = read("inputChannels", extent, nil)
        let outputs = read("outputChannels", extent, nil)
        let isDepthwise = computeClass.map { [.depthwise, .pooling].contains($0) } ?? false
        loops.groups = read("groups", extent, isDepthwise ? inputs : 1)
        loops.inputHeight = read("inputHeight", extent, 1)
        loops.inputWidth = read("inputWidth", extent, 1)
        loops.outputHeight = read("outputHeight", extent, 1)
        loops.outputWidth = read("outputWidth", extent, 1)
        loops.kernelHeight = read("kernelHeight", extent, 1)
        loops.kernelWidth = read("kernelWidth", extent, 1)
        loops.strideHeight = read("strideHeight", extent, 1)
        loops.strideWidth = read("strideWidth", extent, 1)
        loops.paddingTop = read("paddingTop", 0...Self.longest, 0)
        loops.paddingLeft = read("paddingLeft", 0...Self.longest, 0)
        guard reader.findings.isEmpty else { return nil }
        guard inputs % loops.groups == 0, outputs % loops.groups == 0 else {
            reader.fault("\(inputs) and \(outputs) channels do not divide into \(loops.groups) groups")
            return nil
        }
        (loops.inputChannels, loops.outputChannels) = (inputs / loops.groups, outputs / loops.groups)
        return loops
    }
}
