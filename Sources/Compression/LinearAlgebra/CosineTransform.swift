import Foundation

/// The orthonormal two-dimensional cosine transform (DCT-II) of kernels of one size.
package struct CosineTransform: Sendable {
    package let height: Int
    package let width: Int
    private let vertical: [Double]
    private let horizontal: [Double]

    package init(height: Int, width: Int) {
        (self.height, self.width) = (height, width)
        vertical = Self.basis(height)
        horizontal = Self.basis(width)
    }

    /// Row `k` holds the cosine of frequency `k` at each place.
    private static func basis(_ size: Int) -> [Double] {
        (0..<size * size).map { index in
            let (frequency, place) = (Double(index / size), Double(index % size))
            let scale = (frequency == 0 ? 1 : 2) / Double(size)
            return scale.squareRoot() * cos(Double.pi * (2 * place + 1) * frequency / Double(2 * size))
        }
    }

    /// The basis kernel of a coefficient, row by row.
    package func kernel(of coefficient: Int) -> [Double] {
        let (row, column) = (coefficient / width, coefficient % width)
        return (0..<height * width).map {
            vertical[row * height + $0 / width] * horizontal[column * width + $0 % width]
        }
    }

    /// The coefficients of a kernel, row by row from the lowest frequency.
    package func forward(_ kernel: [Double]) -> [Double] {
        transformed(kernel) { frequency, place, size in frequency * size + place }
    }

    /// The kernel of these coefficients.
    package func inverse(_ coefficients: [Double]) -> [Double] {
        transformed(coefficients) { place, frequency, size in frequency * size + place }
    }

    private func transformed(_ source: [Double], _ place: (_ target: Int, _ source: Int, _ size: Int) -> Int)
        -> [Double]
    {
        var (rows, result) = ([Double](repeating: 0, count: height * width), source)
        for row in 0..<height {
            for target in 0..<width {
                for column in 0..<width {
                    rows[row * width + target] +=
                        horizontal[place(target, column, width)] * source[row * width + column]
                }
            }
        }
        for target in 0..<height {
            for column in 0..<width {
                result[target * width + column] = (0..<height).reduce(0) { sum, row in
                    sum + vertical[place(target, row, height)] * rows[row * width + column]
                }
            }
        }
        return result
    }
}
