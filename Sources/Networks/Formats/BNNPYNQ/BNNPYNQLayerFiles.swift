import Diagnostics
import Foundation

/// The weights and thresholds of one layer, put together from the files of its processing elements.
struct BNNPYNQLayerFiles {
    /// A row of synapses for each neuron, one after the other.
    var weights: [Int]
    /// The thresholds of each neuron; nil for a layer without.
    var thresholds: [[Int]]?

    /// - Parameters:
    ///   - bits: width of a weight; 1 bit stands for -1 or +1.
    ///   - thresholds: how many a neuron has, if the layer has any.
    /// - Throws: `Diagnostic` with the file whose size or whose elements do not suit the layer.
    init(
        _ folder: BNNPYNQFolder, layer: Int, _ shape: BNNPYNQTopology.Layer, bits: Int, thresholds: Int
    ) throws {
        let elements = folder.elements(layer: layer, "weights")
        guard elements > 0, shape.neurons % elements == 0 else {
            throw folder.fault(
                "\(shape.neurons) neurons cannot lie in \(elements) files", file: "\(layer)-*-weights.bin")
        }
        let folds = shape.neurons / elements
        var weights = [Int](repeating: 0, count: shape.neurons * shape.synapses)
        var levels = [[Int]](repeating: [], count: shape.neurons)
        let hasThresholds = folder.elements(layer: layer, "thres") > 0
        for element in 0..<elements {
            let name = "\(layer)-\(element)-weights.bin"
            let words = try folder.words(name)
            let simd = try BNNPYNQLayerFiles.lanes(words.count, folds: folds, shape, bits: bits, folder, name)
            for fold in 0..<folds {
                let row = (fold * elements + element) * shape.synapses
                for synapse in 0..<shape.synapses {
                    let word = words[(fold * shape.synapses + synapse) / simd]
                    weights[row + synapse] = BNNPYNQLayerFiles.weight(word, at: synapse % simd, bits: bits)
                }
            }
            guard hasThresholds else { continue }
            let file = "\(layer)-\(element)-thres.bin"
            let numbers = try folder.words(file).map { Int(Int64(bitPattern: $0)) }
            let each = numbers.count / folds
            guard numbers.count % folds == 0, each == thresholds || each == 1 else {
                throw folder.fault("\(numbers.count) thresholds for \(folds) neurons of \(thresholds) each", file: file)
            }
            if let stray = numbers.first(where: { abs($0.clamped) >= BNNPYNQLayerFiles.limit }) {
                throw folder.fault("threshold \(stray) is out of range", file: file)
            }
            for fold in 0..<folds {
                levels[fold * elements + element] = Array(numbers[fold * each..<(fold + 1) * each])
            }
        }
        self.weights = weights
        self.thresholds = hasThresholds ? levels : nil
    }

    /// How many synapses a word holds.
    private static func lanes(
        _ words: Int, folds: Int, _ shape: BNNPYNQTopology.Layer, bits: Int, _ folder: BNNPYNQFolder, _ name: String
    ) throws -> Int {
        let synapses = folds * shape.synapses
        guard words > 0, words % folds == 0, synapses % words == 0, synapses / words * bits <= 64 else {
            throw folder.fault(
                "\(words) words cannot hold \(folds) neurons of \(shape.synapses) synapses of \(bits) bits", file: name)
        }
        return synapses / words
    }

    private static func weight(_ word: UInt64, at lane: Int, bits: Int) -> Int {
        guard bits > 1 else { return (word >> UInt64(lane)) & 1 == 1 ? 1 : -1 }
        let raised = word << UInt64(64 - (lane + 1) * bits)
        return Int(Int64(bitPattern: raised) >> Int64(64 - bits))
    }

    /// Thresholds are below this in magnitude, so that sums and biases stay far inside 32 bits.
    private static let limit = 1 << 28
}

extension Int {
    /// The number itself, or the largest one for the smallest.
    fileprivate var clamped: Int { self == .min ? .max : self }
}
