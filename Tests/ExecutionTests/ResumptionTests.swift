import Compression
import Execution
import FixedPoint
import Networks
import Tensors
import Testing

/// Runs that share a prefix, and folds over cases.
@Suite struct ResumptionTests {
    /// Three convolutions with a shortcut around the second.
    static func network(secondScale: Float = 1) -> Network {
        var network = Network(name: "chain")
        let shape: Shape = [1, 4, 4, 3]
        let ids = ["in", "a", "b", "sum", "out"].map {
            network.append(Value(name: $0, shape: shape, elementType: .float32))
        }
        let weights = (0..<3).map { layer in
            let scale = layer == 1 ? secondScale : 1
            let filters = Tensor([3, 1, 1, 3], (0..<9).map { Float(($0 * 7 + layer) % 5 - 2) * scale })
            return network.append(Value(name: "w\(layer)", constant: filters))
        }
        network.nodes = [
            Node(name: "one", operation: Convolution2D(), inputs: [ids[0], weights[0]], outputs: [ids[1]]),
            Node(name: "two", operation: Convolution2D(), inputs: [ids[1], weights[1]], outputs: [ids[2]]),
            Node(name: "add", operation: Addition(activation: .relu), inputs: [ids[1], ids[2]], outputs: [ids[3]]),
            Node(name: "three", operation: Convolution2D(), inputs: [ids[3], weights[2]], outputs: [ids[4]]),
        ]
        (network.inputs, network.outputs) = ([ids[0]], [ids[4]])
        return network
    }

    static let input = Tensor([1, 4, 4, 3], (0..<48).map { Float($0 % 11) - 5 })

    @Test func aResumedRunEqualsAWholeOne() throws {
        let base = try Interpreter(Self.network())
        let trace = try base.trace([Self.input])
        let changed = Self.network(secondScale: 0.5)
        let probe = try Interpreter(changed, basedOn: base)
        #expect(try probe.run(resuming: trace) == Interpreter(changed).run([Self.input]))
        #expect(try probe.run(resuming: trace) != base.run([Self.input]))
    }

    @Test func aResumedRunTakesWhatTheTraceHolds() throws {
        let base = try Interpreter(Self.network())
        var values = try base.trace([Self.input]).values
        values["a"] = Tensor([1, 4, 4, 3], [Float](repeating: 0, count: 48))
        let probe = try Interpreter(Self.network(secondScale: 0.5), basedOn: base)
        let zeros = try probe.run(resuming: Trace(values: values))
        #expect(zeros[0].floats.allSatisfy { $0 == 0 })
    }

    @Test func anUnchangedNetworkNeedsNothingButTheTrace() throws {
        let base = try Interpreter(Self.network())
        let trace = try base.trace([Self.input])
        #expect(try Interpreter(Self.network(), basedOn: base).run(resuming: trace) == base.run([Self.input]))
    }

    @Test func resultsKeepTheOrderOfCases() throws {
        for threads in [1, 2, 5] {
            #expect(try mapCases(100, threads: threads) { $0 * $0 } == (0..<100).map { $0 * $0 })
        }
        #expect(try mapCases(0, threads: 2) { $0 }.isEmpty)
    }

    @Test func theFirstErrorIsThrown() {
        struct Failure: Error, Equatable { let index: Int }
        #expect(throws: Failure(index: 0)) {
            _ = try mapCases(50, threads: 2) { index -> Int in throw Failure(index: index) }
        }
    }

    struct Cases: Dataset {
        let count = 9
        func `case`(at index: Int) throws -> [Tensor] {
            [Tensor([1, 4, 4, 3], (0..<48).map { Float(($0 + index) % 11) - 5 })]
        }
    }

    @Test func statisticsAndEventsDoNotDependOnThreads() throws {
        let network = Self.network()
        let one = try CalibrationRuns(Cases(), threads: 1).statistics(of: network)
        let four = try CalibrationRuns(Cases(), threads: 4).statistics(of: network)
        #expect(one == four)
        #expect(one["in"]?.minimum == -5 && one["in"]?.maximum == 5 && one["in"]?.count == 9 * 48)
        let interpreter = try Interpreter(network)
        let events = try interpreter.events(on: Cases(), threads: 1)
        #expect(try events == interpreter.events(on: Cases(), threads: 3))
        #expect(events.cases == 9 && events.activations["sum"]?.elements == 9 * 48)
    }
}
