import Diagnostics
import Tensors

/// How a window slides over the height and width of an image tensor.
public struct Window: Sendable, Hashable, Codable {
    public var strideHeight: Int
    public var strideWidth: Int
    public var dilationHeight: Int
    public var dilationWidth: Int
    public var padding: Margins

    public init(
        strideHeight: Int = 1, strideWidth: Int = 1, dilationHeight: Int = 1, dilationWidth: Int = 1,
        padding: Margins = Margins()
    ) {
        self.strideHeight = strideHeight
        self.strideWidth = strideWidth
        self.dilationHeight = dilationHeight
        self.dilationWidth = dilationWidth
        self.padding = padding
    }

    /// Rows or columns added around an image.
    public struct Margins: Sendable, Hashable, Codable {
        public var top: Int
        public var left: Int
        public var bottom: Int
        public var right: Int

        public init(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) {
            self.top = top
            self.left = left
            self.bottom = bottom
            self.right = right
        }

        public static func uniform(_ margin: Int) -> Margins {
            Margins(top: margin, left: margin, bottom: margin, right: margin)
        }
    }

    /// Output height and width for an image of `height` by `width` under a kernel.
    ///
    /// - Throws: `Diagnostic` when an attribute is out of range or the window does not fit.
    public func outputExtents(height: Int, width: Int, kernelHeight: Int, kernelWidth: Int) throws -> (Int, Int) {
        let attributes = [strideHeight, strideWidth, dilationHeight, dilationWidth, kernelHeight, kernelWidth]
        let margins = [padding.top, padding.left, padding.bottom, padding.right]
        guard attributes.allSatisfy({ (1...Window.limit).contains($0) }),
            margins.allSatisfy({ (0...Window.limit).contains($0) })
        else { throw Diagnostic("window with an extent, stride, dilation or padding out of range") }
        let spanHeight = (kernelHeight - 1) * dilationHeight + 1
        let spanWidth = (kernelWidth - 1) * dilationWidth + 1
        let roomHeight = height + padding.top + padding.bottom - spanHeight
        let roomWidth = width + padding.left + padding.right - spanWidth
        guard roomHeight >= 0, roomWidth >= 0 else {
            throw Diagnostic(
                "a \(spanHeight)x\(spanWidth) window does not fit into \(height)x\(width) with its padding")
        }
        return (roomHeight / strideHeight + 1, roomWidth / strideWidth + 1)
    }

    /// The padding that makes `output = ceil(input / stride)`, the odd row or column behind (TFLite SAME).
    public static func samePadding(
        height: Int, width: Int, kernelHeight: Int, kernelWidth: Int, strideHeight: Int, strideWidth: Int,
        dilationHeight: Int = 1, dilationWidth: Int = 1
    ) -> Margins {
        func total(_ extent: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
            let output = (extent + stride - 1) / stride
            return max((output - 1) * stride + (kernel - 1) * dilation + 1 - extent, 0)
        }
        let rows = total(height, kernelHeight, strideHeight, dilationHeight)
        let columns = total(width, kernelWidth, strideWidth, dilationWidth)
        return Margins(top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
    }

    private static let limit = 1 << 20
}

extension Window {
    /// The result of a pooling operator on one image.
    func pooledShapes(of inputs: [Shape], kernelHeight: Int, kernelWidth: Int) throws -> [Shape] {
        guard inputs.count == 1, inputs[0].rank == 4 else { throw Diagnostic("pooling takes one image of rank 4") }
        guard padding.top < kernelHeight, padding.bottom < kernelHeight, padding.left < kernelWidth,
            padding.right < kernelWidth
        else { throw Diagnostic("padding of a pooling window must be smaller than its kernel") }
        let (height, width) = try outputExtents(
            height: inputs[0][1], width: inputs[0][2], kernelHeight: kernelHeight, kernelWidth: kernelWidth)
        guard let shape = Shape(checking: [inputs[0][0], height, width, inputs[0][3]]) else {
            throw Diagnostic("the result has too many elements")
        }
        return [shape]
    }
}
