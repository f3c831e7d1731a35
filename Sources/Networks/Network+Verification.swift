public import Diagnostics
import FixedPoint
public import Tensors
import Workloads

extension Network {
    /// All the ways in which this network is not well formed; empty for a sound one.
    ///
    /// Checks names, execution order, shapes against the operators, constants and quantizations.
    public func faults(file: String) -> [Diagnostic] {
        var checker = NetworkChecker(network: self, file: file)
        checker.checkValues()
        checker.checkNodes()
        checker.checkForms()
        return checker.findings
    }

    /// - Throws: `Diagnostics` with every fault.
    public func verify(file: String) throws {
        let findings = faults(file: file)
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }
}

struct NetworkChecker {
    let network: Network
    let file: String
    var findings: [Diagnostic] = []
    /// Multiplications of the nodes checked so far.
    var work = 0.0

    mutating func report(_ message: String, at part: String) {
        findings.append(Diagnostic(message, at: SourceLocation(file: file, position: .part(part))))
    }

    mutating func checkValues() {
        for value in network.values {
            if value.shape.elementCount == 0 { report("a tensor of \(value.shape) has no elements", at: value.name) }
            if let constant = value.constant, constant.shape != value.shape {
                report("constant of shape \(constant.shape) where \(value.shape) is declared", at: value.name)
            }
            if let quantization = value.quantization, let fault = quantization.fault(for: value.shape) {
                report(fault, at: value.name)
            }
        }
    }

    mutating func checkNodes() {
        var known = Set(network.inputs)
        for (index, value) in network.values.enumerated() where value.constant != nil { known.insert(ValueID(index)) }
        var names = Set<String>()
        for node in network.nodes {
            if !names.insert(node.name).inserted { report("two nodes have this name", at: node.name) }
            let missing = node.inputs.filter { !known.contains($0) }
            for input in missing { report("reads '\(network[input].name)' before it is written", at: node.name) }
            for output in node.outputs where !known.insert(output).inserted {
                report("writes '\(network[output].name)' a second time", at: node.name)
            }
            checkWidth(of: node)
            let hasElements = (node.inputs + node.outputs).allSatisfy { network[$0].shape.elementCount > 0 }
            if missing.isEmpty, hasElements { checkShapes(of: node) }
        }
        for output in network.outputs where !known.contains(output) {
            report("network output is never written", at: network[output].name)
        }
    }

    mutating func checkShapes(of node: Node) {
        let (inputs, outputs) = network.shapes(of: node)
        do {
            let expected = try node.operation.outputShapes(of: inputs)
            if expected != outputs {
                report("computes \(expected) where \(outputs) is declared", at: node.name)
            } else {
                checkWork(of: node, inputs: inputs, outputs: outputs)
                checkProof(of: node)
            }
        } catch let fault as Diagnostic {
            report(fault.message, at: node.name)
        } catch {
            report("\(error)", at: node.name)
        }
    }
}

extension NetworkChecker {
    /// Makes sure that multiplications can be counted in an integer, for the whole network.
    mutating func checkWork(of node: Node, inputs: [Shape], outputs: [Shape]) {
        let loops = node.operation.loops(inputs: inputs, outputs: outputs)
        let factors = [
            loops.batch, loops.groups, loops.outputChannels, loops.outputHeight, loops.outputWidth, loops.inputChannels,
            loops.kernelHeight, loops.kernelWidth,
        ]
        let before = work
        work += factors.reduce(1) { $0 * Double($1) }
        if before <= NetworkChecker.largestWork, work > NetworkChecker.largestWork {
            report("the network up to here needs more multiplications than can be counted", at: node.name)
        }
    }

    private static let largestWork = 0x1p60
}

extension Quantization {
    /// Why these scales and zero points cannot belong to a tensor of `shape`, or nil if they can.
    public func fault(for shape: Shape) -> String? {
        if scales.isEmpty || scales.count != zeroPoints.count {
            return "\(scales.count) scales with \(zeroPoints.count) zero points"
        }
        if let fault = Quantization.fault(ofScales: scales) { return fault }
        let range = format.encoding == .bipolar ? 0...0 : format.minimum...format.maximum
        if let zeroPoint = zeroPoints.first(where: { !range.contains($0) }) {
            return "zero point \(zeroPoint) is outside \(range)"
        }
        guard let axis else { return scales.count == 1 ? nil : "\(scales.count) scales without an axis" }
        guard axis >= 0, axis < shape.rank, shape[axis] == scales.count else {
            return "\(scales.count) scales along axis \(axis) of a tensor of \(shape)"
        }
        return nil
    }

    /// Why these numbers cannot be scales, or nil if they can.
    static func fault(ofScales scales: [Float]) -> String? {
        if let scale = scales.first(where: { !($0 > 0) || !$0.isFinite }) {
            return "scale \(scale) is not a positive finite number"
        }
        return scales.first { $0 > 0x1p31 }.map { "scale \($0) is above 2^31" }
    }
}
