/// Who writes and who reads each value, for passes that look at neighbours.
struct Neighbourhood {
    let producers: [ValueID: Int]
    let consumers: [ValueID: [Int]]
    private let outputs: Set<ValueID>

    init(_ network: Network) {
        producers = network.producers
        consumers = network.consumers
        outputs = Set(network.outputs)
    }

    /// Whether exactly one node, and nobody outside, reads the value.
    func isPrivate(_ id: ValueID) -> Bool {
        !outputs.contains(id) && consumers[id]?.count == 1
    }

    func isOutput(_ id: ValueID) -> Bool {
        outputs.contains(id)
    }
}

extension Network {
    /// Replaces the constant `id` as read by one node: in place if nobody else reads it, by a new value otherwise.
    mutating func replaceConstant(_ id: ValueID, by value: Value, isPrivate: Bool) -> ValueID {
        guard !isPrivate else {
            self[id] = value
            return id
        }
        var value = value
        value.name = unusedName(value.name)
        return append(value)
    }
}
