import FixedPoint
import Networks
import Tensors

/// How the numbers of one record become one input tensor of a network: axes put in order, normalized, quantized.
struct Arrangement: Sendable {
    /// The order in which the record's axes lie in file and tensor, where they differ.
    enum Order: Sendable {
        case asStored
        /// Channels first in the file, last in the tensor.
        case channelsLast
        /// Channels last in the file, first in the tensor.
        case channelsFirst
    }

    private let shape: Shape
    private let type: ElementType
    private let quantization: Quantization?
    /// Whether the file holds elements of the tensor itself.
    private let isOnGrid: Bool
    private let normalization: Normalization
    /// Where each element of the record lies in the tensor; nil for the same place.
    private let targets: [Int]?
    /// Elements of the record behind one index of the axis along which the normalization differs, and that axis' extent.
    private let inner: Int
    private let extent: Int

    /// - Throws: a sentence when records of that shape cannot be arranged so.
    init(record: [Int], stored: StoredNumber, for input: Value, normalization: Normalization) throws(ArrangementFault) {
        shape = input.shape
        type = input.elementType
        let isOwnType = (stored == .int8 && type == .int8) || (stored == .int16 && type == .int16)
        isOnGrid = isOwnType && normalization == .identity
        quantization = input.quantization
        self.normalization = normalization
        guard let order = Arrangement.order(record: record, shape: input.shape.extents) else {
            let stored = record.isEmpty ? "one number" : record.map(String.init).joined(separator: "x")
            throw ArrangementFault(message: "records of \(stored) cannot be arranged as \(input.shape)")
        }
        let axes = Arrangement.image(record)
        let count = record.reduce(1, *)
        targets = Arrangement.targets(order, axes: axes, count: count)
        guard let wanted = normalization.channels else {
            (inner, extent) = (count, 1)
            return
        }
        let candidates = order == .channelsLast ? [0] : order == .channelsFirst ? [2] : [axes.count - 1, 0]
        guard let axis = candidates.first(where: { axes.indices.contains($0) && axes[$0] == wanted }) else {
            throw ArrangementFault(message: "no axis of the records has the \(wanted) channels of the normalization")
        }
        inner = axes[(axis + 1)...].reduce(1, *)
        extent = wanted
    }

    /// The record without leading axes of extent 1, down to three axes.
    private static func image(_ record: [Int]) -> [Int] {
        var axes = record
        while axes.count > 3, axes[0] == 1 { axes.removeFirst() }
        return axes
    }

    private static func order(record: [Int], shape: [Int]) -> Order? {
        let (stored, wanted) = (record.filter { $0 != 1 }, shape.filter { $0 != 1 })
        if stored == wanted { return .asStored }
        let axes = image(record)
        if axes.count == 3 {
            if [axes[1], axes[2], axes[0]].filter({ $0 != 1 }) == wanted { return .channelsLast }
            if [axes[2], axes[0], axes[1]].filter({ $0 != 1 }) == wanted { return .channelsFirst }
        }
        let isFlat = wanted.count <= 1 || stored.count <= 1
        return isFlat && record.reduce(1, *) == shape.reduce(1, *) ? .asStored : nil
    }

    /// The tensor for one record.
    ///
    /// - Throws: a sentence when a number is not finite.
    func tensor(_ record: [Double]) throws(ArrangementFault) -> Tensor {
        var reals = [Float](repeating: 0, count: record.count)
        var place = 0
        while place < record.count {
            let channel = place / inner % extent
            let mean = normalization.mean[channel % normalization.mean.count]
            let std = normalization.std[channel % normalization.std.count]
            for index in place..<place + inner {
                let real = Float((record[index] * normalization.scale - mean) / std)
                guard real.isFinite else { throw ArrangementFault(message: "element \(index) is \(real)") }
                reals[targets?[index] ?? index] = real
            }
            place += inner
        }
        if isOnGrid, let tensor = Tensor(shape, integers: reals.map { Int($0) }, storedAs: type) { return tensor }
        guard let quantization else { return Tensor(shape, reals) }
        return Tensor(shape, integers: reals.map(quantization.nearest), storedAs: type) ?? Tensor(shape, reals)
    }

    private static func targets(_ order: Order, axes: [Int], count: Int) -> [Int]? {
        switch order {
        case .asStored: return nil
        case .channelsLast:
            let positions = count / axes[0]
            return (0..<count).map { $0 % positions * axes[0] + $0 / positions }
        case .channelsFirst:
            let positions = count / axes[2]
            return (0..<count).map { $0 % axes[2] * positions + $0 / axes[2] }
        }
    }
}

/// Why records do not suit a network's input.
struct ArrangementFault: Error {
    let message: String
}

extension Quantization {
    /// The element nearest to a finite real, ties away from zero; -1 or +1 by sign where there is no other.
    fileprivate func nearest(_ real: Float) -> Int {
        if format.encoding == .bipolar { return real < 0 ? -1 : 1 }
        let steps = (real / scale).rounded(.toNearestOrAwayFromZero)
        let place = Double(steps) + Double(zeroPoint)
        return Int(min(max(place, Double(format.minimum)), Double(format.maximum)))
    }
}
