/// What one thread has counted of the inputs of a layer with weights.
struct OperandTally: Sendable {
    /// Cases met.
    private(set) var cases = 0
    /// For each tap and input channel, how many inputs that stand for zero it met.
    private(set) var zeros: [Int]
    /// Bits that changed on the input's bus; nil for reals.
    private(set) var toggles: Int? = 0
    /// For each place of an image, in how many images since the last count of taps a zero lay there.
    private var marks: [UInt8]
    private var markedImages = 0
    /// Zeros that were marked and counted.
    private(set) var markedZeros = 0

    init(_ layer: LayerCensus) {
        zeros = [Int](repeating: 0, count: layer.tapCount)
        marks = [UInt8](repeating: 0, count: layer.markCount)
    }

    /// Counts some cases of the layer's input, one case after another.
    mutating func add(_ start: UnsafeRawPointer, cases: Int, _ layer: LayerCensus) {
        self.cases += cases
        toggles = toggles.flatMap { sum in layer.toggles(start, cases: cases).map { sum + $0 } }
        guard layer.countsMarks else {
            layer.addZeros(start, cases: cases, to: &zeros)
            return
        }
        let images = cases * layer.batch
        var first = 0
        while first < images {
            if markedImages == OperandTally.mostImages { settle(layer) }
            let end = min(images, first + OperandTally.mostImages - markedImages)
            layer.mark(start, images: first..<end, in: &marks)
            markedImages += end - first
            first = end
        }
    }

    /// Images whose zeros one byte counts.
    private static let mostImages = 255

    /// Moves the marks into the counts of taps.
    mutating func settle(_ layer: LayerCensus) {
        guard markedImages > 0 else { return }
        layer.addTaps(of: marks, to: &zeros)
        markedZeros += marks.reduce(0) { $0 + Int($1) }
        for place in marks.indices { marks[place] = 0 }
        markedImages = 0
    }
}
