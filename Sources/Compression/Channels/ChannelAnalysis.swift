package import Networks
import Tensors

/// Which channels of a network stand or fall together.
///
/// Channels are numbered units; a value knows along which axes its indices are units. Operators tie units that must leave
/// together and freeze those that must stay. Nothing here knows an operator: each describes itself
/// (`ChannelPropagating`), and channels of one that does not are frozen.
package struct ChannelAnalysis {
    /// The units along one axis of a value.
    package struct Slice: Hashable {
        package var axis: Int
        /// The unit of every index; one unit may have several indices.
        package var units: [Int]
        /// Whether the indices are summed over: the inputs that weights multiply.
        package var isSummed = false
    }

    package let network: Network
    /// The channel axis of an activation, the sliced axes of a constant.
    package private(set) var slices: [ValueID: [Slice]] = [:]
    private var parents: [Int] = []
    private var isFrozen: [Bool] = []

    package init(_ network: Network) {
        self.network = network
        for input in network.inputs { setFrozenChannels(of: input) }
        for node in network.nodes {
            if let operation = node.operation as? any ChannelPropagating {
                operation.propagateChannels(of: node, in: &self)
            } else {
                isolate(node)
            }
        }
        for output in network.outputs { freeze(channelsOf: output) }
    }

    /// The representative of all units tied with `unit`.
    package func root(of unit: Int) -> Int {
        var unit = unit
        while parents[unit] != unit { unit = parents[unit] }
        return unit
    }

    /// Whether the unit must stay.
    package func isFrozen(_ unit: Int) -> Bool { isFrozen[root(of: unit)] }

    /// The channel axis of an activation with its units, if it has one.
    func channels(of id: ValueID) -> Slice? { isConstant(id) ? nil : slices[id]?.first }

    /// Whether the value is a constant of the network.
    func isConstant(_ id: ValueID) -> Bool { network[id].constant != nil }

    mutating func makeUnits(_ count: Int, isFrozen frozen: Bool = false) -> [Int] {
        let first = parents.count
        parents += first..<first + count
        isFrozen += [Bool](repeating: frozen, count: count)
        return Array(first..<first + count)
    }

    mutating func tie(_ left: Int, _ right: Int) {
        let (first, second) = (root(of: left), root(of: right))
        guard first != second else { return }
        parents[max(first, second)] = min(first, second)
        isFrozen[min(first, second)] = isFrozen[first] || isFrozen[second]
    }

    mutating func tie(_ left: [Int], _ right: [Int]) {
        for (first, second) in zip(left, right) { tie(first, second) }
    }

    mutating func freeze(_ units: [Int]) {
        for unit in units { isFrozen[root(of: unit)] = true }
    }

    mutating func freeze(channelsOf id: ValueID) {
        for slice in slices[id] ?? [] { freeze(slice.units) }
    }

    /// Says that the indices of a value along an axis are these units; ties them with what was said before.
    mutating func setChannels(of id: ValueID, axis: Int, units: [Int], isSummed: Bool = false) {
        if let known = slices[id]?.first(where: { $0.axis == axis }) {
            tie(known.units, units)
            if known.isSummed != isSummed { freeze(units) }
        } else {
            slices[id, default: []].append(Slice(axis: axis, units: units, isSummed: isSummed))
        }
    }

    /// Says that a vector of parameters, such as a bias, has one element for each unit.
    mutating func setChannels(ofVector id: ValueID, units: [Int]) {
        let shape = network[id].shape
        guard isConstant(id), let axis = shape.extents.lastIndex(of: units.count), shape.elementCount == units.count
        else { return freeze(units) }
        setChannels(of: id, axis: axis, units: units)
    }

    /// Gives a value channels of its own along its innermost axis, which must stay.
    mutating func setFrozenChannels(of id: ValueID) {
        let shape = network[id].shape
        guard shape.rank > 0 else { return }
        let units = makeUnits(shape[shape.rank - 1], isFrozen: true)
        setChannels(of: id, axis: shape.rank - 1, units: units)
    }

    /// Says that a constant must stay as it is along all its axes but one.
    mutating func freeze(constant id: ValueID, besides open: Int? = nil) {
        let shape = network[id].shape
        for axis in 0..<shape.rank where axis != open {
            setChannels(of: id, axis: axis, units: makeUnits(shape[axis], isFrozen: true))
        }
    }

    /// The units of an activation along the axis over which weights sum; those along another axis must stay, and all here.
    mutating func summedChannels(of id: ValueID, axis: Int) -> [Int] {
        if let channels = channels(of: id), channels.axis == axis { return channels.units }
        if isConstant(id) { freeze(constant: id) } else { freeze(channelsOf: id) }
        return makeUnits(network[id].shape[axis], isFrozen: true)
    }

    /// Cuts the flow of channels through a node: what it reads and writes must stay.
    mutating func isolate(_ node: Node) {
        for input in node.inputs {
            if isConstant(input) { freeze(constant: input) } else { freeze(channelsOf: input) }
        }
        for output in node.outputs { setFrozenChannels(of: output) }
    }
}
