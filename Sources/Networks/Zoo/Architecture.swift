public import Tensors

/// A well-known network by name: its layers, with weights drawn from a seed.
public struct Architecture: Sendable {
    /// The name behind `zoo:`.
    public let name: String
    /// What it is, with its source, in one sentence.
    public let summary: String
    /// The shape of the input image.
    public let input: Shape
    private let build: @Sendable (inout ArchitectureBuilder, ValueID) -> ValueID

    /// - Parameter build: adds the layers behind the input and returns the value of the last one.
    init(
        _ name: String, summary: String, input: Shape,
        build: @escaping @Sendable (inout ArchitectureBuilder, ValueID) -> ValueID
    ) {
        self.name = name
        self.summary = summary
        self.input = input
        self.build = build
    }

    /// The network in float32; the same seed gives the same weights on every machine.
    public func network(seed: UInt64 = 0) -> Network {
        var builder = ArchitectureBuilder(name: name, seed: seed)
        let image = builder.input(input)
        builder.finish(build(&builder, image))
        return builder.network
    }
}
