import Diagnostics

/// The window of a convolution or pooling operator of ONNX, with its padding worked out for one image.
struct ONNXWindow {
    var kernelHeight: Int
    var kernelWidth: Int
    var window: Window
    /// Rows and columns added behind only so that the last window is not cut off (`ceil_mode`).
    var roundsUp = false

    static let attributes: Set<String> = ["kernel_shape", "strides", "pads", "dilations", "auto_pad"]

    /// - Parameters:
    ///   - extents: the image's, in the order of the file: batch, channels, height, width.
    ///   - isLine: whether the file knows the width only.
    init(_ operation: ONNXOperation, extents: [Int], kernel: [Int]? = nil, isLine: Bool = false) throws {
        guard extents.count == 4 else {
            throw Diagnostic("an image of \(extents.count) axes; only images of 3 or 4 axes are supported")
        }
        func pair(_ name: String) throws -> [Int]? {
            try operation.integers(name).map { isLine ? [1] + $0 : $0 }
        }
        let shape = try pair("kernel_shape") ?? kernel ?? []
        let strides = try pair("strides") ?? [1, 1]
        let dilations = try pair("dilations") ?? [1, 1]
        guard shape.count == 2, strides.count == 2, dilations.count == 2, kernel == nil || kernel == shape else {
            throw Diagnostic("kernel, strides and dilations do not suit an image of height and width")
        }
        let limits = 1...(1 << 20)
        guard (shape + strides + dilations + extents).allSatisfy(limits.contains) else {
            throw Diagnostic("an extent, stride or dilation is out of range")
        }
        (kernelHeight, kernelWidth) = (shape[0], shape[1])
        window = Window(
            strideHeight: strides[0], strideWidth: strides[1], dilationHeight: dilations[0],
            dilationWidth: dilations[1])
        window.padding = try margins(of: operation, height: extents[2], width: extents[3], isLine: isLine)
        if try operation.integer("ceil_mode", default: 0) != 0 { roundUp(height: extents[2], width: extents[3]) }
    }

    private func margins(
        of operation: ONNXOperation, height: Int, width: Int, isLine: Bool
    ) throws -> Window.Margins {
        let rule = try operation.text("auto_pad", default: "NOTSET")
        let same = Window.samePadding(
            height: height, width: width, kernelHeight: kernelHeight, kernelWidth: kernelWidth,
            strideHeight: window.strideHeight, strideWidth: window.strideWidth,
            dilationHeight: window.dilationHeight, dilationWidth: window.dilationWidth)
        switch ONNXPadding(rawValue: rule) {
        case .explicit:
            var pads = try operation.integers("pads") ?? [0, 0, 0, 0]
            if isLine, pads.count == 2 { pads = [0, pads[0], 0, pads[1]] }
            guard pads.count == 4, pads.allSatisfy((0...(1 << 20)).contains) else {
                throw Diagnostic("pads \(pads) do not suit an image of height and width")
            }
            return Window.Margins(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
        case .valid: return Window.Margins()
        case .sameUpper: return same
        case .sameLower:
            return Window.Margins(top: same.bottom, left: same.right, bottom: same.top, right: same.left)
        case nil: throw Diagnostic("padding rule '\(rule)' is not known")
        }
    }

    /// Adds margins behind so that windows which begin inside the image, or in front of it, are not cut off.
    private mutating func roundUp(height: Int, width: Int) {
        func missing(_ extent: Int, _ front: Int, _ back: Int, _ kernel: Int, _ dilation: Int, _ stride: Int) -> Int {
            let span = (kernel - 1) * dilation + 1
            let room = extent + front + back - span
            guard room >= 0, room % stride != 0 else { return 0 }
            let start = (room / stride + 1) * stride
            return start < extent + front ? stride - room % stride : 0
        }
        let padding = window.padding
        let rows = missing(
            height, padding.top, padding.bottom, kernelHeight, window.dilationHeight, window.strideHeight)
        let columns = missing(
            width, padding.left, padding.right, kernelWidth, window.dilationWidth, window.strideWidth)
        window.padding.bottom += rows
        window.padding.right += columns
        roundsUp = rows + columns > 0
    }
}

/// How ONNX states the padding of a window.
private enum ONNXPadding: String {
    case explicit = "NOTSET"
    case valid = "VALID"
    case sameUpper = "SAME_UPPER"
    case sameLower = "SAME_LOWER"
}
