import FixedPoint
import Tensors

/// The integers of a weight tensor and the symmetric grid on which they lie.
struct WeightGrid {
    let integers: [Int]
    let quantization: Quantization

    /// How a grid is chosen.
    struct Choice {
        /// 2...16.
        var bits: Int
        var clipping: Clipping
        /// Percent of the weights kept inside.
        var percentile: Double
        /// The axis along which scales differ, or nil for one scale.
        var axis: Int?
        /// Largest integers that are left free; below the largest of the format.
        var spare = 0
    }

    /// - Parameter leastScales: a scale below which each output channel's must not go, so that its bias can be stored.
    init(_ reals: [Double], shape: Shape, choice: Choice, leastScales: [Double]) {
        let format = NumberFormat(bits: choice.bits, encoding: .symmetric)
        let channels = ChannelIndexing(shape, axis: choice.axis)
        let count = choice.axis.map { shape[$0] } ?? 1
        let levels = format.maximum - choice.spare
        let reaches = WeightGrid.channels(of: reals, channels, count: count).map {
            WeightGrid.reach($0, choice: choice, levels: levels)
        }
        let largest = reaches.max() ?? 0
        let scales = reaches.indices.map { channel in
            // A channel of zeros takes the coarsest scale of the tensor: only its bias matters.
            let reach = reaches[channel] > 0 ? reaches[channel] : (largest > 0 ? largest : 1)
            let least = choice.axis == nil ? (leastScales.max() ?? 0) : leastScales[channel]
            return max(Float(max(reach / Double(levels), least)), Float.leastNormalMagnitude)
        }
        var elements = [Int](repeating: 0, count: reals.count)
        let (lowest, highest) = (Double(format.minimum), Double(format.maximum))
        channels.forEachRun(of: reals.count) { channel, run in
            let scale = Double(scales[channel])
            for place in run { elements[place] = Int(min(max((reals[place] / scale).rounded(), lowest), highest)) }
        }
        integers = elements
        quantization = Quantization(format: format, scales: scales, axis: choice.axis)
    }

    /// The elements of each channel; the tensor itself where a channel is all of it or its elements are neighbours.
    private static func channels(of reals: [Double], _ channels: ChannelIndexing, count: Int) -> [ArraySlice<Double>] {
        var runs = [[Range<Int>]](repeating: [], count: count)
        channels.forEachRun(of: reals.count) { channel, run in runs[channel].append(run) }
        return runs.map { runs in
            runs.count == 1 ? reals[runs[0]] : runs.flatMap { reals[$0] }[...]
        }
    }

    /// The largest magnitude that the grid shall reach.
    private static func reach(_ reals: ArraySlice<Double>, choice: Choice, levels: Int) -> Double {
        let largest = reals.reduce(0) { max($0, abs($1)) }
        guard largest > 0 else { return 0 }
        switch choice.clipping {
        case .max: return largest
        case .percentile:
            let sorted = reals.map(abs).sorted()
            let kept = Int((Double(sorted.count) * choice.percentile / 100).rounded(.up))
            let reach = sorted[min(max(kept, 1), sorted.count) - 1]
            return reach > 0 ? reach : largest
        case .mse:
            var best = (error: Double.infinity, reach: largest)
            for position in 12...60 {
                let reach = largest * Double(position) / 60
                let grid = SteppedGrid(
                    step: reach / Double(levels), first: -Double(levels), last: Double(levels))
                let error = grid.error(reals)
                if error <= best.error { best = (error, reach) }
            }
            return best.reach
        }
    }
}
