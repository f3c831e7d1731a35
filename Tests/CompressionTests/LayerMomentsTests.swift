import Compression
import Networks
import Tensors
import Testing

@Suite struct LayerMomentsTests {
    /// Patches times filters plus bias are what each kind of layer computes.
    @Test func patchesGiveTheLayersResponse() throws {
        var builder = NetworkBuilder(input: [1, 6, 5, 4], seed: 3)
        let window = Window(
            strideHeight: 2, strideWidth: 1, dilationWidth: 2, padding: .init(top: 1, left: 2, right: 1))
        let grouped = try builder.convolution(
            builder.input, outputs: 6, window: window, groups: 2, activation: .none)
        let deep = try builder.depthwise(grouped, multiplier: 2)
        let flat = try builder.fullyConnected(deep, outputs: 7)
        builder.network.outputs = [flat]
        let network = builder.network
        var generator = SplitMix(seed: 9)
        let tensors = try network.evaluate([(0..<120).map { _ in generator.signed() }])
        for node in network.nodes {
            let patches = try #require(LayerPatches(node, in: network))
            let input = try #require(tensors[node.inputs[0]])
            let output = try #require(tensors[node.outputs[0]]).floats
            let reals = network[node.inputs[1]].reals
            let bias = network[node.inputs[2]].reals
            let channels = patches.groups * patches.groupOutputs
            let clamp = (node.operation as? DepthwiseConvolution2D)?.activation ?? .none
            for group in 0..<patches.groups {
                let response = patches.matrix(of: input, group: group).times(
                    patches.filters(of: reals, group: group).transposed)
                for row in 0..<response.rows {
                    for index in 0..<patches.groupOutputs {
                        let channel = patches.channel(index, ofGroup: group)
                        let expected = clamp.clamped(Float(response[row, index] + bias[channel]))
                        #expect(abs(expected - output[row * channels + channel]) < 1e-4)
                    }
                }
            }
        }
    }

    /// The fit finds the very layer that gave the targets.
    @Test func leastSquaresFindThePlantedLayer() throws {
        var generator = SplitMix(seed: 5)
        let patches = Matrix(rows: 60, columns: 5) { _, _ in Double(generator.signed()) }
        let planted = Matrix(rows: 5, columns: 2) { _, _ in Double(generator.signed()) }
        let product = patches.times(planted)
        let targets = Matrix(rows: 60, columns: 2) { product[$0, $1] + Double($1) - 0.5 }
        var moments = LayerMoments(columns: 5, targets: 2)
        for half in 0..<2 {
            func part(_ matrix: Matrix) -> Matrix {
                Matrix(rows: 30, columns: matrix.columns) { matrix[half * 30 + $0, $1] }
            }
            moments.add(part(patches), targets: part(targets))
        }
        let fit = try moments.leastSquares(damping: 0)
        #expect(zip(fit.weights.elements, planted.elements).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(abs(fit.offsets[0] + 0.5) < 1e-9 && abs(fit.offsets[1] - 0.5) < 1e-9)
    }

    @Test func eigenvectorsAndFactorsComposeTheMatrix() throws {
        var generator = SplitMix(seed: 7)
        let root = Matrix(rows: 9, columns: 6) { _, _ in Double(generator.signed()) }
        let matrix = root.times(root, transposingSelf: true)
        let eigen = try SymmetricEigenvectors(matrix)
        #expect(eigen.values == eigen.values.sorted(by: >))
        let scaled = Matrix(rows: 6, columns: 6) { eigen.vectors[$0, $1] * eigen.values[$1] }
        let composed = scaled.times(eigen.vectors.transposed)
        #expect(zip(composed.elements, matrix.elements).allSatisfy { abs($0 - $1) < 1e-9 })
        let identity = try CholeskyFactor(matrix).inverse().times(matrix)
        #expect((0..<36).allSatisfy { abs(identity.elements[$0] - ($0 % 7 == 0 ? 1 : 0)) < 1e-9 })
    }
}
