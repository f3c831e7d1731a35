import Compression
import Diagnostics
import Networks
import Tensors
import Testing
import Workloads

@Suite struct TensorTrainTests {
    /// A fully connected layer of 24 inputs and 30 outputs on two rows.
    private static func sample(activation: Activation = .relu) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [2, 2, 3, 4], seed: 13)
        let weights = builder.constant("w", [30, 24], scale: 0.4)
        let bias = builder.constant("b", [30], scale: 0.3)
        builder.network.outputs = [
            try builder.node(FullyConnected(activation: activation), [builder.input, weights, bias], name: "fc")
        ]
        let cases = (0..<3).map { _ in builder.sample() }
        return (builder.network, cases)
    }

    @Test(arguments: [2, 3, 4])
    func fullRanksAreLossless(cores: Int) throws {
        for activation in [Activation.none, .relu] {
            let (network, cases) = try Self.sample(activation: activation)
            let result = try FactorFitTests.apply(
                TensorTrainDecomposition(layers: ["fc"], fraction: 1, cores: cores), to: network, cases)
            #expect(try FactorFitTests.damage(result.network, network, cases) < 1e-9)
            #expect(result.network.nodes.count { $0.operation is FullyConnected } == cores)
            #expect(result.network.nodes.last?.name == "fc")
        }
    }

    /// Weights are those of the cores, and no layer has the whole matrix.
    @Test func weightsAreThoseOfTheCores() throws {
        let (network, cases) = try Self.sample()
        let factors = ["input1": 4, "input2": 3, "input3": 2, "output1": 2, "output2": 3, "output3": 5]
        let step = TensorTrainDecomposition(layers: ["fc"], rank: 6, factors: factors)
        let result = try FactorFitTests.apply(step, to: network, cases)
        #expect(result.history[0].remarks.first == "layer 'fc': inputs [4, 3, 2], outputs [2, 3, 5], ranks [6, 6]")
        let workload = result.lowered()
        let fully = workload.layers.filter { $0.computeClass == .fullyConnected }
        #expect(fully.compactMap(\.weights).map(\.elements) == [6 * 5 * 2, 6 * 3 * 3 * 6, 2 * 4 * 6])
        #expect(fully.map(\.macs) == [60 * 2 * 12, 324 * 2 * 4 * 5, 48 * 2 * 3 * 5])
    }

    /// The squared error is at most the sum of what all bonds drop, and falls with the rank.
    @Test func errorIsBounded() throws {
        var generator = SplitMix(seed: 2)
        let matrix = generator.matrix(12, 18)
        var last = Double.infinity
        for rank in [1, 2, 4, 6, 36] {
            let train = try TensorTrain(matrix, rows: [3, 2, 2], columns: [2, 3, 3]) { min(rank, $0) }
            var error = 0.0
            for row in 0..<12 {
                for column in 0..<18 {
                    let difference = matrix[row, column] - Self.element(train, row, column)
                    error += difference * difference
                }
            }
            #expect(error <= train.dropped + 1e-9 && error <= last + 1e-9)
            last = error
        }
        #expect(last < 1e-20)
    }

    private static func element(_ train: TensorTrain, _ row: Int, _ column: Int) -> Double {
        let (rows, columns) = ([row / 4, row / 2 % 2, row % 2], [column / 9, column / 3 % 3, column % 3])
        var state = Matrix(rows: 1, columns: 1, elements: [1])
        for core in 0..<3 {
            let slice = Matrix(rows: train.ranks[core], columns: train.ranks[core + 1]) {
                train.cores[core][($0 * train.rows[core] + rows[core]) * train.columns[core] + columns[core], $1]
            }
            state = state.times(slice)
        }
        return state.elements[0]
    }

    @Test func factorsAreAsEqualAsCanBe() {
        #expect(TensorTrain.factors(of: 784, count: 2) == [28, 28])
        #expect(TensorTrain.factors(of: 300, count: 3) == [10, 6, 5])
        #expect(TensorTrain.factors(of: 7, count: 2) == [7, 1])
        #expect(TensorTrain.fullRanks(rows: [4, 5], columns: [3, 7]) == [12])
    }

    @Test func trainsBecomeIntegers() throws {
        let (network, cases) = try Self.sample()
        let result = try CompressedNetwork(network).applying(
            [TensorTrainDecomposition(layers: ["fc"], fraction: 1), FixedPointQuantization()],
            observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").isEmpty)
        #expect(try FactorFitTests.damage(result.network, network, cases) < 1)
        #expect(result.lowered().layers.allSatisfy { !$0.isFloat })
    }

    @Test func impossibleTrainsAreRefused() throws {
        let (network, cases) = try Self.sample()
        for step in [
            TensorTrainDecomposition(layers: ["fc"], rank: 0), TensorTrainDecomposition(layers: ["fc"], rank: 31),
            TensorTrainDecomposition(layers: ["fc"]),
            TensorTrainDecomposition(layers: ["fc"], rank: 1, factors: ["input1": 4, "input2": 6, "output1": 30]),
            TensorTrainDecomposition(
                layers: ["fc"], rank: 1, factors: ["input1": 4, "input2": 5, "output1": 5, "output2": 6]),
        ] {
            #expect(throws: Diagnostics.self) { try FactorFitTests.apply(step, to: network, cases) }
        }
    }
}
