import Tensors

/// The options of an operator of Larq Compute Engine.
struct BinaryOptions {
    let site: TFLiteSite
    let map: FlexMap

    /// A number that must be there.
    func required(_ key: String) throws(FlatBufferFault) -> Int {
        guard let number = map.integer(key) else { throw site.fault("the option '\(key)' is missing") }
        return number
    }

    /// A choice that newer files give by its number and older ones by its name.
    private func choice<Choice>(
        _ key: String, _ choices: [(name: String, Choice)]
    ) throws(FlatBufferFault) -> Choice {
        let name = map.word(key)?.uppercased()
        let number = name.map { name in choices.firstIndex { $0.name == name } } ?? map.integer(key)
        guard let number, choices.indices.contains(number) else {
            let given = name ?? map.integer(key).map(String.init) ?? "nothing"
            throw site.fault("the option '\(key)' is \(given)")
        }
        return choices[number].1
    }

    /// The fused activation.
    func activation() throws(FlatBufferFault) -> Activation {
        let activation: Activation? = try choice(
            "fused_activation_function",
            [("NONE", Activation.none), ("RELU", .relu), ("RELU_N1_TO_1", nil), ("RELU6", .relu6)]
        )
        guard let activation else { throw site.fault("fused activation RELU_N1_TO_1 is not supported") }
        return activation
    }

    /// The window over the first operand, SAME padding made explicit.
    func window(kernelHeight: Int, kernelWidth: Int) throws(FlatBufferFault) -> Window {
        let image = try site.input(0).shape
        guard image.rank == 4 else { throw site.fault("an image of rank 4 is needed, it is \(image)") }
        var window = Window(
            strideHeight: try required("stride_height"), strideWidth: try required("stride_width"),
            dilationHeight: map.integer("dilation_height_factor") ?? 1,
            dilationWidth: map.integer("dilation_width_factor") ?? 1)
        let attributes = [
            window.strideHeight, window.strideWidth, window.dilationHeight, window.dilationWidth, kernelHeight,
            kernelWidth,
        ]
        guard attributes.allSatisfy({ (1...(1 << 20)).contains($0) }) else {
            throw site.fault("stride, dilation and kernel \(attributes) must be positive and of reasonable size")
        }
        let isSame = try choice("padding", [("SAME", true), ("VALID", false)])
        if isSame {
            window.padding = Window.samePadding(
                height: image[1], width: image[2], kernelHeight: kernelHeight, kernelWidth: kernelWidth,
                strideHeight: window.strideHeight, strideWidth: window.strideWidth,
                dilationHeight: window.dilationHeight, dilationWidth: window.dilationWidth)
        }
        return window
    }
}
