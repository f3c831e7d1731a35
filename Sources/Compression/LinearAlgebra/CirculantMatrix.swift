import CFFTW
import Foundation
import Synchronization
package import Tensors

/// A square matrix whose columns are one column turned: `element(j, i) = column[(j - i) mod n]`.
package struct CirculantMatrix: Sendable {
    package let column: [Double]

    package init(column: [Double]) {
        self.column = column
    }

    /// An orthogonal one: its Fourier coefficients have modulus 1 and random phases.
    package init(orthogonalOf size: Int, using generator: inout SplitMix64) {
        let half = size / 2 + 1
        var spectrum = (0..<half).map { _ -> fftw_complex in
            let phase = 2 * Double.pi * Double(generator.next() >> 11) * 0x1p-53
            return (cos(phase), sin(phase))
        }
        spectrum[0] = (generator.next() & 1 == 0 ? 1 : -1, 0)
        if size % 2 == 0 { spectrum[half - 1] = (generator.next() & 1 == 0 ? 1 : -1, 0) }
        column = FourierRows.inverse(spectrum, rows: 1, size: size)
    }

    /// The products with each row of a matrix, as rows, by Fourier transforms: `O(n log n)` a row.
    package func times(rows matrix: Matrix) -> Matrix {
        let size = column.count
        precondition(matrix.columns == size, "matrices do not fit")
        let own = FourierRows.forward(column, rows: 1, size: size)
        var spectra = FourierRows.forward(matrix.elements, rows: matrix.rows, size: size)
        for place in spectra.indices {
            let (left, right) = (own[place % own.count], spectra[place])
            spectra[place] = (left.0 * right.0 - left.1 * right.1, left.0 * right.1 + left.1 * right.0)
        }
        return Matrix(
            rows: matrix.rows, columns: size,
            elements: FourierRows.inverse(spectra, rows: matrix.rows, size: size))
    }

    /// All elements.
    package var dense: Matrix {
        let size = column.count
        return Matrix(rows: size, columns: size) { column[($0 - $1 + size) % size] }
    }
}

/// Fourier transforms of many real rows of one length, by FFTW.
private enum FourierRows {
    /// FFTW plans on one thread at a time only.
    private static let planner = Mutex(())
    /// Plans are guessed from the size, so that they are the same on every run.
    private static let flags: UInt32 = 1 << 6

    /// `size / 2 + 1` coefficients a row.
    static func forward(_ rows: [Double], rows count: Int, size: Int) -> [fftw_complex] {
        let half = size / 2 + 1
        var (input, output) = (rows, [fftw_complex](repeating: (0, 0), count: count * half))
        guard count > 0, size > 0 else { return output }
        var extent = Int32(size)
        let plan = planner.withLock { _ in
            fftw_plan_many_dft_r2c(
                1, &extent, Int32(count), &input, nil, 1, Int32(size), &output, nil, 1, Int32(half), flags)
        }
        fftw_execute_dft_r2c(plan, &input, &output)
        planner.withLock { _ in fftw_destroy_plan(plan) }
        return output
    }

    /// The rows whose coefficients these are.
    static func inverse(_ spectra: [fftw_complex], rows count: Int, size: Int) -> [Double] {
        let half = size / 2 + 1
        var (input, output) = (spectra, [Double](repeating: 0, count: count * size))
        guard count > 0, size > 0 else { return output }
        var extent = Int32(size)
        let plan = planner.withLock { _ in
            fftw_plan_many_dft_c2r(
                1, &extent, Int32(count), &input, nil, 1, Int32(half), &output, nil, 1, Int32(size), flags)
        }
        fftw_execute_dft_c2r(plan, &input, &output)
        planner.withLock { _ in fftw_destroy_plan(plan) }
        return output.map { $0 / Double(size) }
    }
}
