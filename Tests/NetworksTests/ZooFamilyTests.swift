import Networks
import Tensors
import Testing
import Workloads

/// The families of the zoo against counts written out from the papers' tables, and against published numbers.
@Suite struct ZooFamilyTests {
    /// MACs and parameters of a list of layers, by the pencil formulas.
    struct Ledger {
        var macs = 0
        var parameters = 0

        /// A convolution from `inputs` to `outputs` channels on a result of `side x side`.
        ///
        /// - Parameter extra: parameters an output channel beside the weights: 1 for a bias, 2 for a normalization.
        mutating func convolve(_ inputs: Int, _ outputs: Int, _ kernel: Int, side: Int, groups: Int = 1, extra: Int = 2)
        {
            let weights = kernel * kernel * inputs / groups * outputs
            macs += weights * side * side
            parameters += weights + extra * outputs
        }

        mutating func classify(_ inputs: Int, _ classes: Int = 1000) {
            convolve(inputs, classes, 1, side: 1, extra: 1)
        }
    }

    /// The counts of a network by its own loops and constants.
    private func counts(_ name: String) throws -> [Int] {
        let network = try Zoo.standard.network(named: name)
        #expect(network.faults(file: name).isEmpty)
        var counts = [0, 0]
        for node in network.nodes {
            let (inputs, outputs) = network.shapes(of: node)
            if node.weights != nil {
                counts[0] += node.operation.loops(inputs: inputs, outputs: outputs).multiplications
            }
            for operand in node.operation.trainedOperands(of: inputs.count) {
                let value = network[node.inputs[operand]]
                if value.constant != nil { counts[1] += value.shape.elementCount }
            }
        }
        return counts
    }

    private func check(_ name: String, _ ledger: Ledger, parameters: Int? = nil) throws {
        #expect(try counts(name) == [ledger.macs, ledger.parameters], "\(name)")
        if let parameters { #expect(ledger.parameters == parameters, "\(name)") }
    }

    /// Published parameters: those of torchvision's definitions, which have the same layers.
    @Test(arguments: [
        (18, [2, 2, 2, 2], 11_689_512), (34, [3, 4, 6, 3], 21_797_672), (50, [3, 4, 6, 3], 25_557_032),
        (101, [3, 4, 23, 3], 44_549_160), (152, [3, 8, 36, 3], 60_192_808),
    ])
    func residualNetworks(depth: Int, blocks: [Int], parameters: Int) throws {
        var ledger = Ledger()
        ledger.convolve(3, 64, 7, side: 112)
        var inputs = 64
        for (stage, count) in blocks.enumerated() {
            let (width, side) = (64 << stage, 56 >> stage)
            let outputs = depth < 50 ? width : 4 * width
            for _ in 0..<count {
                if depth < 50 {
                    ledger.convolve(inputs, width, 3, side: side)
                    ledger.convolve(width, width, 3, side: side)
                } else {
                    ledger.convolve(inputs, width, 1, side: side)
                    ledger.convolve(width, width, 3, side: side)
                    ledger.convolve(width, outputs, 1, side: side)
                }
                if inputs != outputs { ledger.convolve(inputs, outputs, 1, side: side) }
                inputs = outputs
            }
        }
        ledger.classify(inputs)
        try check("resnet\(depth)", ledger, parameters: parameters)
    }

    /// The paper's table 6 gives 0.27, 0.46, 0.66, 0.85 and 1.7 million parameters.
    @Test(arguments: [(20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85), (110, 1.7)])
    func residualNetworksOfSmallImages(depth: Int, millions: Double) throws {
        var ledger = Ledger()
        ledger.convolve(3, 16, 3, side: 32)
        for (stage, width) in [16, 32, 64].enumerated() {
            let (layers, side) = ((depth - 2) / 3, 32 >> stage)
            ledger.convolve(stage == 0 ? 16 : width / 2, width, 3, side: side)
            for _ in 1..<layers { ledger.convolve(width, width, 3, side: side) }
        }
        ledger.classify(64, 10)
        try check("resnet\(depth)-cifar", ledger)
        #expect(abs(Double(ledger.parameters) / 1e6 / millions - 1) < 0.02)
    }

    /// Published parameters: those of torchvision's definition.
    @Test func resNeXt() throws {
        var ledger = Ledger()
        ledger.convolve(3, 64, 7, side: 112)
        var inputs = 64
        for (stage, count) in [3, 4, 6, 3].enumerated() {
            let (width, side) = (128 << stage, 56 >> stage)
            for block in 0..<count {
                ledger.convolve(inputs, width, 1, side: block == 0 && stage > 0 ? 2 * side : side)
                ledger.convolve(width, width, 3, side: side, groups: 32)
                ledger.convolve(width, 2 * width, 1, side: side)
                if block == 0 { ledger.convolve(inputs, 2 * width, 1, side: side) }
                inputs = 2 * width
            }
        }
        ledger.classify(inputs)
        try check("resnext50-32x4d", ledger, parameters: 25_028_904)
    }

    /// Published parameters: those of torchvision's definitions.
    @Test(arguments: [
        (121, [6, 12, 24, 16], 7_978_856), (169, [6, 12, 32, 32], 14_149_480), (201, [6, 12, 48, 32], 20_013_928),
    ])
    func denseNetworks(depth: Int, blocks: [Int], parameters: Int) throws {
        var ledger = Ledger()
        ledger.convolve(3, 64, 7, side: 112)
        var channels = 64
        for (stage, layers) in blocks.enumerated() {
            let side = 56 >> stage
            for _ in 0..<layers {
                ledger.parameters += 2 * channels
                ledger.convolve(channels, 128, 1, side: side)
                ledger.convolve(128, 32, 3, side: side, extra: 0)
                channels += 32
            }
            ledger.parameters += 2 * channels
            if stage < 3 {
                ledger.convolve(channels, channels / 2, 1, side: side, extra: 0)
                channels /= 2
            }
        }
        ledger.classify(channels)
        try check("densenet\(depth)", ledger, parameters: parameters)
    }

    /// Published parameters: those of torchvision's definition.
    @Test func squeezeNet() throws {
        var ledger = Ledger()
        ledger.convolve(3, 64, 3, side: 113, extra: 1)
        let fires =
            [(64, 16, 56), (128, 16, 56), (128, 32, 28), (256, 32, 28)]
            + [(256, 48, 13), (384, 48, 13), (384, 64, 13), (512, 64, 13)]
        for (inputs, squeeze, side) in fires.map({ ($0, $1, $2 == 28 ? 27 : $2) }) {
            ledger.convolve(inputs, squeeze, 1, side: side, extra: 1)
            ledger.convolve(squeeze, 4 * squeeze, 1, side: side, extra: 1)
            ledger.convolve(squeeze, 4 * squeeze, 3, side: side, extra: 1)
        }
        ledger.convolve(512, 1000, 1, side: 13, extra: 1)
        try check("squeezenet1.1", ledger, parameters: 1_235_496)
    }

    /// Table 6 of the paper gives 4.2, 2.6, 1.3 and 0.5 million parameters, table 7 multiplications of 569, 418, 290 and 186
    /// million at width 1. MACs of all layers but the first and last go with the square of width and resolution nearly.
    @Test(arguments: [
        ("1", 4, 4_231_976), ("0.75", 3, 2_585_560), ("0.5", 2, 1_331_592), ("0.25", 1, 470_072),
    ])
    func mobileNets(width: String, quarters: Int, parameters: Int) throws {
        for (resolution, millions) in [(224, 569), (192, 418), (160, 290), (128, 186)] {
            var ledger = Ledger()
            var (side, channels) = (resolution / 2, 8 * quarters)
            ledger.convolve(3, channels, 3, side: side)
            for step in [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1].enumerated() {
                side /= step.element
                ledger.convolve(channels, channels, 3, side: side, groups: channels)
                let outputs = step.offset == 0 || step.element == 2 ? 2 * channels : channels
                ledger.convolve(channels, outputs, 1, side: side)
                channels = outputs
            }
            ledger.classify(channels)
            try check("mobilenet-v1-\(width)-\(resolution)", ledger, parameters: parameters)
            if quarters == 4 { #expect(abs(ledger.macs / 1000 - 1000 * millions) < 1000) }
        }
    }

    /// Published: 300 million MACs, parameters of torchvision's definition.
    @Test func invertedResiduals() throws {
        var ledger = Ledger()
        ledger.convolve(3, 32, 3, side: 112)
        var (side, channels) = (112, 32)
        let table = [
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
        ]
        for (expansion, outputs, blocks, stride) in table {
            for block in 0..<blocks {
                let wide = expansion * channels
                if expansion > 1 { ledger.convolve(channels, wide, 1, side: side) }
                if block == 0 { side /= stride }
                ledger.convolve(wide, wide, 3, side: side, groups: wide)
                ledger.convolve(wide, outputs, 1, side: side)
                channels = outputs
            }
        }
        ledger.convolve(channels, 1280, 1, side: 7)
        ledger.classify(1280)
        try check("mobilenet-v2", ledger, parameters: 3_504_872)
        #expect(ledger.macs / 1_000_000 == 300)
    }

    /// Table 1 of the paper gives 143, 140, 137, 133 and 137 million multiply-adds.
    @Test(arguments: [(1, 144, 143), (2, 200, 140), (3, 240, 137), (4, 272, 133), (8, 384, 137)])
    func shuffledGroups(groups: Int, width: Int, millions: Int) throws {
        var ledger = Ledger()
        ledger.convolve(3, 24, 3, side: 112)
        var inputs = 24
        for (stage, units) in [4, 8, 4].enumerated() {
            let (outputs, side) = (width << stage, 28 >> stage)
            for unit in 0..<units {
                let (narrow, first) = (outputs / 4, unit == 0)
                ledger.convolve(inputs, narrow, 1, side: first ? 2 * side : side, groups: inputs == 24 ? 1 : groups)
                ledger.convolve(narrow, narrow, 3, side: side, groups: narrow)
                ledger.convolve(narrow, first ? outputs - inputs : outputs, 1, side: side, groups: groups)
                inputs = outputs
            }
        }
        ledger.classify(inputs)
        try check("shufflenet-v1-g\(groups)", ledger)
        #expect(abs(Double(ledger.macs) / 1e6 / Double(millions) - 1) < 0.03)
    }

    /// Published: 5.58 thousand million operations for 224x224, two a MAC, and 6.97 for Tiny YOLO.
    @Test func darknets() throws {
        var ledger = Ledger()
        var inputs = 3
        let stages = [
            [32], [64], [128, 64, 128], [256, 128, 256], [512, 256, 512, 256, 512], [1024, 512, 1024, 512, 1024],
        ]
        for (stage, layers) in stages.enumerated() {
            for (place, outputs) in layers.enumerated() {
                ledger.convolve(inputs, outputs, place % 2 == 0 ? 3 : 1, side: 224 >> stage)
                inputs = outputs
            }
        }
        ledger.convolve(1024, 1000, 1, side: 7, extra: 1)
        try check("darknet19", ledger)
        #expect(abs(Double(2 * ledger.macs) / 5.58e9 - 1) < 0.01)
        var tiny = Ledger()
        let layers = [(3, 16, 416), (16, 32, 208), (32, 64, 104), (64, 128, 52), (128, 256, 26), (256, 512, 13)]
        for (inputs, outputs, side) in layers + [(512, 1024, 13), (1024, 1024, 13)] {
            tiny.convolve(inputs, outputs, 3, side: side)
        }
        tiny.convolve(1024, 125, 1, side: 13, extra: 1)
        try check("tiny-yolo-v2", tiny)
        #expect(abs(Double(2 * tiny.macs) / 6.97e9 - 1) < 0.01)
    }

    /// The published definition for small images has 966,986 parameters.
    @Test func networksInNetwork() throws {
        func ledger(_ layers: [(Int, Int, Int, Int)]) -> Ledger {
            var ledger = Ledger()
            for (inputs, outputs, kernel, side) in layers {
                ledger.convolve(inputs, outputs, kernel, side: side, extra: 1)
            }
            return ledger
        }
        let small = ledger([
            (3, 192, 5, 32), (192, 160, 1, 32), (160, 96, 1, 32), (96, 192, 5, 16), (192, 192, 1, 16),
            (192, 192, 1, 16), (192, 192, 3, 8), (192, 192, 1, 8), (192, 10, 1, 8),
        ])
        try check("nin", small, parameters: 966_986)
        let large = ledger([
            (3, 96, 11, 54), (96, 96, 1, 54), (96, 96, 1, 54), (96, 256, 5, 27), (256, 256, 1, 27), (256, 256, 1, 27),
            (256, 384, 3, 13), (384, 384, 1, 13), (384, 384, 1, 13), (384, 1024, 3, 6), (1024, 1024, 1, 6),
            (1024, 1000, 1, 6),
        ])
        try check("nin-imagenet", large)
    }

    @Test func namesAreThoseOfOneNetworkInAnyCase() throws {
        let names = Zoo.standard.architectures.map(\.name)
        #expect(Set(names).count == names.count && names.allSatisfy { $0 == $0.lowercased() })
        #expect(try Zoo.standard.network(named: "ResNet20-CIFAR").name == "resnet20-cifar")
    }
}
