import Networks
import Tensors

/// Where a layer of single bits finds its inputs: 32 channels in a word, images with their padding, line by line.
///
/// Ternary channels have a word of signs and a word that tells which are not zero. Padding is read as +1 by layers of
/// signs and as zero by ternary ones; `outsides` tells which weights meet it where.
struct BinaryGeometry: Sendable {
    /// Neighbouring outputs whose kernels reach equally far into the padding.
    struct Piece: Sendable {
        var first: Int
        var count: Int
        /// Place in `outsides`.
        var outside: Int
    }

    /// Images of one case; rows of a fully connected layer are the pixels of one image.
    let images: Int
    let height: Int
    let width: Int
    let groups: Int
    /// Input channels of a group.
    let depth: Int
    /// Words for 32 channels: 1, or 2 for ternary ones.
    let wordsEach: Int
    let padding: Window.Margins
    /// Starts of the runs that an output reads, in words from the output's own start.
    let segments: [Int]
    /// 32 channels each, how many a run has.
    let run: Int
    /// Words from an output to its neighbour, and from a line of outputs to the next.
    let pixelStep: Int
    let lineStep: Int
    /// Outputs of a line.
    let pixels: Int
    /// The pieces of each line of outputs of an image.
    let lines: [[Piece]]
    /// Sets of kernel places, row by row, that lie in the padding.
    let outsides: [[Int]]
    /// Kernel places.
    let taps: Int
    /// Whether the images of all cases can be read as one line.
    let isFlat: Bool

    /// Channels of a word.
    static let wordBits = 32

    /// 32 channels each, how many a group has.
    var words: Int { (depth + Self.wordBits - 1) / Self.wordBits }
    /// Words of a group's channels of a pixel.
    var groupWords: Int { words * wordsEach }
    /// Words of a pixel.
    var pixelWords: Int { groups * groupWords }
    var paddedWidth: Int { width + padding.left + padding.right }
    /// Words of an image with its padding.
    var imageWords: Int { (height + padding.top + padding.bottom) * paddedWidth * pixelWords }

    init(convolution: Convolution2D, image: Shape, filters: Shape, output: Shape, wordsEach: Int) {
        self.wordsEach = wordsEach
        let window = convolution.window
        (images, height, width, padding) = (image[0], image[1], image[2], window.padding)
        (groups, depth, taps) = (convolution.groups, filters[3], filters[1] * filters[2])
        let words = (filters[3] + Self.wordBits - 1) / Self.wordBits
        let pixelWords = words * wordsEach * convolution.groups
        let rowWords = (image[2] + padding.left + padding.right) * pixelWords
        let joinsColumns = convolution.groups == 1 && window.dilationWidth == 1
        run = joinsColumns ? filters[2] * words : words
        segments = (0..<filters[1]).flatMap { row in
            (0..<(joinsColumns ? 1 : filters[2])).map {
                row * window.dilationHeight * rowWords + $0 * window.dilationWidth * pixelWords
            }
        }
        (pixelStep, lineStep) = (window.strideWidth * pixelWords, window.strideHeight * rowWords)
        isFlat = taps == 1 && window == Window()
        pixels = isFlat ? image[0] * output[1] * output[2] : output[2]
        guard !isFlat else {
            (lines, outsides) = ([[Piece(first: 0, count: pixels, outside: 0)]], [[]])
            return
        }
        (lines, outsides) = BinaryGeometry.pieces(window, image: image, filters: filters, output: output)
    }

    /// A fully connected layer of `rows` rows.
    init(rows: Int, depth: Int, wordsEach: Int) {
        self.wordsEach = wordsEach
        (images, height, width, padding) = (1, 1, rows, Window.Margins())
        (groups, self.depth, taps) = (1, depth, 1)
        run = (depth + Self.wordBits - 1) / Self.wordBits
        (segments, pixelStep, lineStep, pixels, isFlat) = ([0], run * wordsEach, run * wordsEach * rows, rows, true)
        (lines, outsides) = ([[Piece(first: 0, count: rows, outside: 0)]], [[]])
    }

    private static func pieces(
        _ window: Window, image: Shape, filters: Shape, output: Shape
    ) -> ([[Piece]], [[Int]]) {
        func outside(_ place: Int, _ stride: Int, _ margin: Int, _ dilation: Int, _ kernel: Int, _ extent: Int)
            -> [Bool]
        {
            (0..<kernel).map { !(0..<extent).contains(place * stride - margin + $0 * dilation) }
        }
        let columns = (0..<output[2]).map {
            outside($0, window.strideWidth, window.padding.left, window.dilationWidth, filters[2], image[2])
        }
        var numbers: [[Int]: Int] = [:]
        var outsides: [[Int]] = []
        let lines = (0..<output[1]).map { line in
            let rows = outside(
                line, window.strideHeight, window.padding.top, window.dilationHeight, filters[1], image[1])
            var pieces: [Piece] = []
            for pixel in 0..<output[2] {
                if pixel > 0, columns[pixel] == columns[pixel - 1] {
                    pieces[pieces.count - 1].count += 1
                    continue
                }
                let places = (0..<filters[1] * filters[2]).filter {
                    rows[$0 / filters[2]] || columns[pixel][$0 % filters[2]]
                }
                let number = numbers[places] ?? outsides.count
                if number == outsides.count {
                    numbers[places] = number
                    outsides.append(places)
                }
                pieces.append(Piece(first: pixel, count: 1, outside: number))
            }
            return pieces
        }
        return (lines, outsides)
    }
}
