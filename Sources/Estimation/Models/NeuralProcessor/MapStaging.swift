import Scheduling

/// Which feature maps are staged when their own memory is behind the staging memory.
///
/// A map goes there from its first use to its last if it fits beside the others and the staged weights; of those that
/// compete the most read and written stay. Maps between two operations that run in stripes (a cascade, when neither fits
/// whole) take a rolling buffer. Source: Vela 5.2.0, `faststorage_allocator.cpp` and `cascade_builder.cpp`. It is *not*
/// the vendor's exhaustive search over components, and stripes change neither blocks nor weight reads.
struct MapStaging {
    private(set) var isStaged: [Bool]

    init(_ plan: NetworkPlan, limit: Int, weightBytes: [Int]) {
        isStaged = [Bool](repeating: false, count: plan.roots.count)
        var lives = MapStaging.lives(plan)
        var used = weightBytes
        let rolling = MapStaging.cascades(plan, lives, limit: limit)
        for root in lives.indices where rolling[root] != nil {
            isStaged[root] = true
            for step in lives[root].first..<lives[root].last + 1 { used[step] += rolling[root] ?? 0 }
            lives[root].bytes = 0
        }
        let candidates = lives.indices.filter { lives[$0].bytes > 0 && !plan.isShared[$0] && !isStaged[$0] }
        let order = candidates.sorted { (lives[$0].access, $1) > (lives[$1].access, $0) }
        for root in order {
            let life = lives[root]
            let steps = life.first..<life.last + 1
            guard !steps.isEmpty, steps.allSatisfy({ used[$0] + life.bytes <= limit }) else { continue }
            isStaged[root] = true
            for step in steps { used[step] += life.bytes }
        }
    }

    /// The steps that a stored map is needed for.
    private struct Life {
        var first = Int.max
        var last = -1
        var bytes = 0
        var access = 0
        var readers = 0
    }

    private static func lives(_ plan: NetworkPlan) -> [Life] {
        var lives = [Life](repeating: Life(), count: plan.roots.count)
        func touch(_ root: Int?, _ step: Int, _ shape: BlockShape, _ bits: Int, isRead: Bool) {
            guard let root else { return }
            let depth = plan.isLinear[root] ? shape.depth : roundedUp(shape.depth, to: 16)
            let bytes = BlockShape(shape.height, shape.width, depth).elements / 8 * bits
            lives[root].first = min(lives[root].first, step)
            lives[root].last = max(lives[root].last, step)
            lives[root].bytes = max(lives[root].bytes, bytes + bits)
            lives[root].access += bytes
            lives[root].readers += isRead ? 1 : 0
        }
        for (index, step) in plan.steps.enumerated() {
            let operation = step.operation
            touch(step.input, index, operation.input, operation.inputBits, isRead: true)
            touch(step.second, index, operation.second ?? operation.input, operation.inputBits, isRead: true)
            touch(step.output, index, operation.output, operation.outputBits, isRead: false)
            // An element-wise result takes the place of an operand that ends here.
            if operation.unit == .elementwise, let input = step.input, let output = step.output, input != output,
                lives[input].last == index, lives[output].first == index, index + 1 < plan.steps.count
            {
                lives[output].first = index + 1
                lives[output].last = index + 1
            }
        }
        return lives.map { $0.first > $0.last ? Life() : $0 }
    }

    /// Bytes of the rolling buffer of each map inside a cascade, by root.
    private static func cascades(_ plan: NetworkPlan, _ lives: [Life], limit: Int) -> [Int?] {
        var rolling = [Int?](repeating: nil, count: lives.count)
        var index = 0
        while index < plan.steps.count {
            var (last, sum) = (index, 0)
            while last + 1 < plan.steps.count, let link = link(plan, lives, from: last) {
                let whole = lives[link.root].bytes + (plan.steps[last + 1].output.map { lives[$0].bytes } ?? 0)
                sum += link.bytes
                if whole < limit || sum > limit { break }
                rolling[link.root] = link.bytes
                last += 1
            }
            index = max(last, index + 1)
        }
        return rolling
    }

    /// The map from one step to the next, if both can run in stripes.
    private static func link(_ plan: NetworkPlan, _ lives: [Life], from index: Int) -> (root: Int, bytes: Int)? {
        let (maker, reader) = (plan.steps[index].operation, plan.steps[index + 1].operation)
        guard let root = plan.steps[index].output, plan.steps[index + 1].input == root, !plan.isShared[root],
            !plan.isLinear[root], lives[root].readers == 1, maker.output == reader.input, maker.upscale == 1,
            reader.upscale == 1, maker.unit != .reduction, reader.unit != .reduction, maker.output.height > 1,
            reader.output.height > 1
        else { return nil }
        let rows = roundedUp(reader.strideHeight + reader.spannedHeight, to: reader.spannedHeight)
        let depth = roundedUp(maker.output.depth, to: 16)
        return (root, rows * maker.output.width * depth * maker.outputBits / 8)
    }
}
