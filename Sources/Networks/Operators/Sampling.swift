import Diagnostics
import Foundation
import Tensors

/// Which places of an image the pixels of a resized image stand for.
public enum Sampling: String, Sendable, Hashable, Codable, CaseIterable {
    /// Pixel i at i times the ratio of extents.
    case corner
    /// The middle of pixel i at its share of the extent.
    case halfPixel
    /// The first and the last pixels lie upon one another.
    case alignedCorners
    /// Of aligned corners half a pixel further on; nearest pixels only.
    case alignedHalfPixel

    /// - Throws: `Diagnostic` when the operands or the extents do not suit an operator that resizes an image.
    static func resized(_ inputs: [Shape], height: Int, width: Int) throws -> Shape {
        guard inputs.count == 1, inputs[0].rank == 4, inputs[0].elementCount > 0, height > 0, width > 0,
            let shape = Shape(checking: [inputs[0][0], height, width, inputs[0][3]])
        else { throw Diagnostic("\(inputs.map(\.description)) cannot be resized to \(height)x\(width)") }
        return shape
    }

    /// Whether the corners of both images lie upon one another.
    private var isAligned: Bool {
        switch self {
        case .alignedCorners, .alignedHalfPixel: true
        case .corner, .halfPixel: false
        }
    }

    /// Source pixels for each of `count` pixels, by the float32 formulas of TFLite.
    func nearest(from extent: Int, to count: Int) -> [Int] {
        let scale = isAligned && count > 1 ? Float(extent - 1) / Float(count - 1) : Float(extent) / Float(count)
        let offset: Float =
            switch self {
            case .halfPixel, .alignedHalfPixel: 0.5
            case .corner, .alignedCorners: 0
            }
        return (0..<count).map { place in
            let exact = (Float(place) + offset) * scale
            return min(max(Int(exact.rounded(isAligned ? .toNearestOrAwayFromZero : .down)), 0), extent - 1)
        }
    }

    /// Source pixels with 10 fraction bits, the scale rounded (TFLite).
    func tenBitPlaces(from extent: Int, to count: Int) -> [Int] {
        let (source, target) = isAligned && count > 1 ? (extent - 1, count - 1) : (extent, count)
        let scale = (source << 10 + target / 2) / target
        return (0..<count).map { self == .halfPixel ? $0 * scale + scale / 2 - 1 << 9 : $0 * scale }
    }

    /// Source pixels in float32, not clamped (TFLite).
    func realPlaces(from extent: Int, to count: Int) -> [Float] {
        let scale = isAligned && count > 1 ? Float(extent - 1) / Float(count - 1) : Float(extent) / Float(count)
        return (0..<count).map { self == .halfPixel ? (Float($0) + 0.5) * scale - 0.5 : Float($0) * scale }
    }

    /// Source pixels in float32 inside the image (XNNPACK).
    func clampedPlaces(from extent: Int, to count: Int) -> [Float] {
        let scale = isAligned && count > 1 ? Float(extent - 1) / Float(count - 1) : Float(extent) / Float(count)
        let offset = self == .halfPixel ? 0.5 * scale - 0.5 : 0
        return (0..<count).map { min(max(Float($0) * scale + offset, 0), Float(extent - 1)) }
    }
}
