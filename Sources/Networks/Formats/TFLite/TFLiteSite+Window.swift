import Tensors

extension TFLiteSite {
    /// The window that the builtin options and the kernel's extents describe, SAME padding made explicit.
    ///
    /// - Parameter dilation: field numbers of the dilation factors for width and height, if the operator has any.
    func window(
        padding: Int, strideWidth: Int, strideHeight: Int, dilation: (width: Int, height: Int)? = nil,
        kernelHeight: Int,
        kernelWidth: Int
    ) throws(FlatBufferFault) -> Window {
        let image = try input(0).shape
        guard image.rank == 4 else { throw fault("an image of rank 4 is needed, '\(try input(0).name)' is \(image)") }
        var window = Window(
            strideHeight: try option(strideHeight, Int32.self), strideWidth: try option(strideWidth, Int32.self))
        if let dilation {
            window.dilationHeight = try option(dilation.height, Int32.self, default: 1)
            window.dilationWidth = try option(dilation.width, Int32.self, default: 1)
        }
        let attributes = [
            window.strideHeight, window.strideWidth, window.dilationHeight, window.dilationWidth, kernelHeight,
            kernelWidth,
        ]
        guard attributes.allSatisfy({ (1...(1 << 20)).contains($0) }) else {
            throw fault("stride, dilation and kernel \(attributes) must be positive and of reasonable size")
        }
        switch try option(padding, Int8.self) {
        case 0:
            window.padding = Window.samePadding(
                height: image[1], width: image[2], kernelHeight: kernelHeight, kernelWidth: kernelWidth,
                strideHeight: window.strideHeight, strideWidth: window.strideWidth,
                dilationHeight: window.dilationHeight, dilationWidth: window.dilationWidth)
        case 1: break
        case let code: throw fault("there is no padding scheme \(code)")
        }
        return window
    }
}
