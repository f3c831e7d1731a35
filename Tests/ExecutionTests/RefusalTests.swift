import Diagnostics
import Execution
import FixedPoint
import Networks
import Tensors
import Testing

/// Networks and inputs that cannot run say so.
@Suite struct RefusalTests {
    static func convolution(scales: [Float], axis: Int?, window: Window = Window()) throws -> Network {
        var network = Network(name: "refused")
        let grid = Quantization(format: NumberFormat(bits: 4, encoding: .unsigned), scale: 1)
        let input = network.append(Value(name: "in", shape: [1, 1, 1, 2], elementType: .uint8, quantization: grid))
        let weightGrid = Quantization(
            format: .int8, scales: scales, zeroPoints: scales.map { _ in 0 }, axis: axis)
        let weights = network.append(
            Value(
                name: "w", constant: Tensor(shape: [3, 1, 1, 2], elements: .int8([1, 2, 3, 4, 5, 6])),
                quantization: weightGrid))
        let operation = Convolution2D(window: window)
        let shape = try operation.outputShapes(of: [[1, 1, 1, 2], [3, 1, 1, 2]])[0]
        let output = network.append(Value(name: "out", shape: shape, elementType: .uint8, quantization: grid))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [Node(name: "conv", operation: operation, inputs: [input, weights], outputs: [output])]
        return network
    }

    static let input = Tensor(shape: [1, 1, 1, 2], elements: .uint8([1, 2]))

    @Test func scalesAlongAnotherAxisAreRefused() throws {
        let interpreter = try Interpreter(Self.convolution(scales: [1, 2], axis: 3))
        #expect(throws: Diagnostic.self) { try interpreter.run([Self.input]) }
        let sound = try Interpreter(Self.convolution(scales: [1, 1, 0.5], axis: 0))
        #expect(try sound.run([Self.input])[0].integers == [5, 11, 9])
    }

    @Test func paddingOutOfProportionTakesNoMemory() throws {
        let window = Window(
            strideHeight: 1 << 20, strideWidth: 1 << 20,
            padding: .init(top: 1 << 20, left: 1 << 20, bottom: 1 << 20, right: 1 << 20))
        let outputs = try Interpreter(Self.convolution(scales: [1], axis: nil, window: window)).run([Self.input])
        #expect(outputs[0].integers?.reduce(0, +) == 5 + 11 + 15)
    }

    @Test func inputsAreChecked() throws {
        let interpreter = try Interpreter(Self.convolution(scales: [1], axis: nil))
        let wrong = [
            [], [Self.input, Self.input], [Tensor(shape: [1, 2], elements: .uint8([1, 2]))],
            [Tensor(shape: [1, 1, 1, 2], elements: .int8([1, 2]))],
            [Tensor(shape: [1, 1, 1, 2], elements: .uint8([1, 16]))],
        ]
        for inputs in wrong { #expect(throws: Diagnostic.self) { try interpreter.run(inputs) } }
        #expect(try interpreter.run([Tensor([1, 1, 1, 2], [1.4, 1.5])])[0].integers == [5, 11, 15])
    }

    /// Formats that do not use all integers of their stored type.
    @Test(arguments: [
        (NumberFormat(bits: 8, encoding: .symmetric), ElementType.int8, -128), (.uint8, .int8, -1),
        (.int8, .uint8, 128),
    ])
    func strayElementsAreRefused(_ format: NumberFormat, _ type: ElementType, _ stray: Int) throws {
        var network = Network(name: "stray")
        let grid = Quantization(format: format, scale: 1)
        let ids = ["a", "b", "out"].map {
            network.append(Value(name: $0, shape: [2], elementType: type, quantization: grid))
        }
        (network.inputs, network.outputs) = ([ids[0], ids[1]], [ids[2]])
        network.nodes = [Node(name: "sum", operation: Addition(), inputs: [ids[0], ids[1]], outputs: [ids[2]])]
        let interpreter = try Interpreter(network)
        let sound = try #require(Tensor([2], integers: [1, 2], storedAs: type))
        let wrong = try #require(Tensor([2], integers: [1, stray], storedAs: type))
        #expect(try interpreter.run([sound, sound])[0].integers == [2, 4])
        #expect(throws: Diagnostic.self) { try interpreter.run([sound, wrong]) }
    }
}
