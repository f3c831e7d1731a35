import Diagnostics
import Foundation

/// Reads folders of BNN-PYNQ parameters: `L-P-weights.bin` and `L-P-thres.bin` for layer L and processing element P.
///
/// The folder's name gives family and precision (`lfcW1A1`, `cnvW2A2`), `classes.txt` the number of classes. The input
/// are pixels of 0 to 255; the scores are those rows of the last layer that stand for classes.
public struct BNNPYNQReader: Sendable {
    public static let name = "BNN-PYNQ"

    public var convention: ThresholdConvention

    public init(convention: ThresholdConvention = .above) {
        self.convention = convention
    }

    /// The network of a folder.
    ///
    /// - Throws: `Diagnostics` with every layer's faults.
    public func read(_ folder: BNNPYNQFolder) throws -> Network {
        let (topology, precision) = try kind(of: folder)
        let classes = folder.classes ?? BNNPYNQReader.usualClasses
        let rows = topology.layers.last?.neurons ?? 0
        guard (1...max(rows, 1)).contains(classes) else {
            throw Diagnostics([
                folder.fault("\(classes) classes of \(rows) scores", file: BNNPYNQFolder.classList)
            ])
        }
        var findings: [Diagnostic] = []
        var layers: [BNNPYNQLayerFiles] = []
        for (index, shape) in topology.layers.enumerated() {
            do {
                let layer = try BNNPYNQLayerFiles(
                    folder, layer: index, shape, bits: precision.weightBits, thresholds: precision.thresholds)
                if index < topology.layers.count - 1, layer.thresholds?.first?.count != precision.thresholds {
                    let file = "\(index)-0-thres.bin"
                    throw folder.fault("neurons need \(precision.thresholds) thresholds each", file: file)
                }
                layers.append(layer)
            } catch let fault as Diagnostic {
                findings.append(fault)
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        var assembly = BNNPYNQAssembly(topology: topology, precision: precision, convention: convention)
        let network = try assembly.network(named: folder.name, layers: layers, classes: classes)
        try network.verify(file: folder.path)
        return network
    }

    private func kind(of folder: BNNPYNQFolder) throws -> (BNNPYNQTopology, BNNPYNQPrecision) {
        for topology in BNNPYNQTopology.families {
            for precision in BNNPYNQPrecision.all where folder.name == topology.family + precision.name {
                return (topology, precision)
            }
        }
        let names = BNNPYNQTopology.families.flatMap { topology in
            BNNPYNQPrecision.all.map { topology.family + $0.name }
        }
        throw Diagnostics([
            folder.fault(
                "the name of a folder of BNN-PYNQ parameters gives its topology, and '\(folder.name)' gives none",
                fix: "call it one of \(names.joined(separator: ", "))")
        ])
    }

    /// Classes of the data sets that come without a list.
    private static let usualClasses = 10
}
