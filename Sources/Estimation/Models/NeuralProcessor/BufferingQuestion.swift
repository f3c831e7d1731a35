import Hardware
import Scheduling

/// What a choice of staging is made from.
struct BufferingQuestion {
    let step: BlockStep
    let stream: WeightStream
    let timing: BlockTiming
    let memories: EngineMemories
    /// Where the maps lie before any are staged.
    let places: BlockTiming.Places
    /// Cycles and bytes that the operation before leaves.
    var slack: (cycles: Int, bytes: Int)
    var isFirst: Bool
    /// Bytes of the staging memory that are free.
    var limit: Int

    private var depth: Int { step.operation.output.depth }

    /// Bytes of the input that are read, bursts not rounded up.
    private func bytes(_ traffic: BlockTraffic) -> Int {
        boundedProduct(traffic.inputElements, step.operation.inputBits / 8)
    }

    private func read(_ port: MemoryPort, _ bytes: Int) -> Int {
        Int(min(Double(bytes) / Double(port.bytesPerCycle) + Double(port.readLatency), 4e15))
    }

    private func run(_ depth: Int, _ ends: BlockTiming.Ends, from constants: MemoryPort) -> Int {
        var (operation, places) = (step.operation, places)
        operation.output.depth = depth
        places.constants = constants
        return timing.cycles(operation, step.blocks, places, ends: ends).total
    }

    /// The staging, or nil when the weights are better read where they are.
    func answer() -> WeightBuffering? {
        guard memories.stagesConstants, depth > 0 else { return nil }
        let traffic = BlockTraffic(step.operation, step.blocks, places, on: timing.engine)
        let (all, reads) = (stream.bytes(channels: depth), traffic.weightReads)
        let transfer = MemoryPort.transfer(of: all, from: memories.constants, to: memories.staging)
        let unmoved = boundedProduct(read(memories.constants, all), reads)
        let buffered = boundedProduct(read(memories.staging, all), reads)
        guard buffered < unmoved else { return nil }
        let smallest = Int(Double(transfer) * Double(min(depth, BlockSearch.slice)) / Double(depth))
        let forced = isFirst && reads > 1 && (smallest < unmoved / 10 || smallest <= WeightBuffering.startupCycles)
        let original = run(depth, .both, from: memories.constants)
        let dominated = original > unmoved
        let visible = max(transfer - slack.cycles, 0)
        let isWorth =
            forced || buffered + visible < unmoved || depth / max(1, step.blocks.outputBlock.depth) > 2
            || (!isFirst && smallest < slack.cycles && reads > 1)
        guard isWorth,
            let slices = slices(all: all, transfer: transfer, dominated: dominated)
        else { return nil }
        return evaluated(
            slices, traffic, transfer: transfer, original: original, unmoved: unmoved, dominated: dominated,
            forced: forced)
    }

    /// Channels of the first slice and of the others, from what the operation before hides.
    private func slices(all: Int, transfer: Int, dominated: Bool) -> [Int]? {
        let split = BlockSearch.slice
        let half = limit / 2
        let least = min(Double(split) / Double(depth), 1)
        let hidden = min(Double(slack.cycles) / Double(max(1, transfer)), 1)
        var ratio = 1 - (hidden / least).rounded(.down) * least < least / 2 ? 1 : hidden
        if dominated, ratio > 0.5, ratio < 1 {
            let rounded = roundedUp(depth / 2, to: split)
            ratio = min(max(Double(rounded) / Double(depth), 0.5), 1)
        }
        ratio = min(max(ratio, least), min(Double(half) / Double(max(1, all)), 1))
        guard ratio < 1 else { return [0, depth] }
        var first = max(Int(Double(depth) * ratio) / split * split, split)
        guard first < depth else { return [0, depth] }
        let block = max(1, step.blocks.outputBlock.depth)
        let early = run(first, .first, from: memories.staging)
        var next = roundedUp(
            max(Int(clamping: Int128(depth) * Int128(early) / Int128(max(1, transfer))), split), to: block)
        if Int(Double(next) / Double(depth) * Double(all)) > half {
            next = Int(Double(half) / Double(max(1, all)) * Double(depth))
        }
        while true {
            next = max(next / (next > block ? block : split) * (next > block ? block : split), split)
            let largest = max(stream.bytes(channels: first), stream.bytes(channels: min(next, depth - first)))
            if largest <= half || (first == split && next == split) { break }
            if next > first {
                next = roundedUp(next / 2, to: split)
            } else {
                first = roundedUp(first / 2, to: split)
            }
        }
        guard depth / next < 1 << 16 else { return nil }
        let slices = [0] + stride(from: first, to: depth, by: next) + [depth]
        if slices.count > 3, dominated, Double(next) / Double(roundedUp(next, to: block)) < 0.3 { return nil }
        return slices
    }

    private func evaluated(
        _ slices: [Int], _ traffic: BlockTraffic, transfer: Int, original: Int, unmoved: Int, dominated: Bool,
        forced: Bool
    ) -> WeightBuffering? {
        let sizes = zip(slices, slices.dropFirst()).map { stream.bytes(channels: $1 - $0) }
        var parts = [0, 0]
        for (index, size) in sizes.enumerated() { parts[index % 2] = max(parts[index % 2], size) }
        let all = sizes.reduce(0, +)
        let isDouble = parts[0] + parts[1] <= limit && max(parts[0], parts[1]) < all
        if !isDouble { parts = [min(all, max(parts[0], parts[1])), 0] }
        guard isDouble || parts[0] <= limit else { return nil }
        let isAhead = !isFirst && parts[0] < slack.bytes
        var hidden = isAhead ? slack.cycles : forced ? WeightBuffering.startupCycles : 0
        var (runs, waits, last) = (0, 0, 0)
        for (index, size) in sizes.enumerated() {
            var ends: BlockTiming.Ends = index == 0 ? .first : []
            if index == sizes.count - 1 { ends.insert(.last) }
            last = run(slices[index + 1] - slices[index], ends, from: memories.staging)
            waits += max(0, MemoryPort.transfer(of: size, from: memories.constants, to: memories.staging) - hidden)
            runs += last
            hidden = isDouble ? last : 0
        }
        let reads = traffic.weightReads
        let weightReads = boundedProduct(
            read(memories.staging, all / max(1, sizes.count)), boundedProduct(reads, sizes.count))
        guard
            isBetter(
                runs: runs, waits: waits, weightReads: weightReads, original: max(original, unmoved),
                slices: sizes.count, dominated: dominated, forced: forced, bytes: parts[0] + parts[1]),
            reads > 1 || transfer + weightReads <= max(original, unmoved, inputRead(1, staged: false))
        else { return nil }
        return WeightBuffering(
            slices: slices, sizes: sizes, transfer: transfer,
            firstTransfer: MemoryPort.transfer(of: sizes[0], from: memories.constants, to: memories.staging),
            isAhead: isAhead, lastSlice: last, bytes: parts[0] + parts[1])
    }

    /// Cycles of reading the input once for each of so many slices.
    private func inputRead(_ slices: Int, staged: Bool) -> Int {
        let traffic = BlockTraffic(step.operation, step.blocks, places, on: timing.engine)
        return read(staged ? memories.staging : places.input.port, bytes(traffic))
    }

    private func isBetter(
        runs: Int, waits: Int, weightReads: Int, original: Int, slices: Int, dominated: Bool, forced: Bool, bytes: Int
    ) -> Bool {
        let fits = memories.stagesMaps && step.inputBytes(places.input) + bytes <= limit
        let input = inputRead(slices, staged: fits)
        let before = max(original, input)
        var after = max(runs + waits, weightReads, input)
        if dominated {
            let full = after
            if waits / slices < WeightBuffering.startupCycles { after -= waits }
            if slices > 1, runs + waits == full, forced { after -= slices * WeightBuffering.startupCycles / 2 }
        }
        return before >= after
    }

    /// Whether the network's input is better copied into the staging memory than read where it is.
    ///
    /// It is when reading it binds the operation, and the copy with the reads from there is sooner done.
    func copiesInput(by copy: EngineOperation, _ blocks: BlockConfiguration) -> Bool {
        let traffic = BlockTraffic(step.operation, step.blocks, places, on: timing.engine)
        let (reads, size) = (bytes(traffic), step.inputBytes(places.input))
        guard size <= limit, reads > size, traffic.weightReads > 0 else { return false }
        let input = read(places.input.port, reads)
        let all = stream.bytes(channels: depth)
        let weights = boundedProduct(read(memories.constants, all), traffic.weightReads)
        let time = run(depth, .both, from: memories.constants)
        guard time <= weights || time <= input else { return false }
        let least =
            stream.weightBytes(channels: depth) / max(1, roundedUp(depth, to: BlockSearch.slice) / BlockSearch.slice)
        let moved =
            weights > input && least > 0
            ? MemoryPort.transfer(of: least, from: memories.constants, to: memories.staging) : 0
        let staged = read(memories.staging, boundedProduct(all, traffic.weightReads))
        guard staged <= moved + input else { return false }
        let copyPlaces = BlockTiming.Places(
            input: places.input, second: nil, output: MapPlace(memories.staging, isLinear: places.input.isLinear),
            constants: nil)
        return timing.cycles(copy, blocks, copyPlaces).total + read(memories.staging, reads) < input
    }
}
