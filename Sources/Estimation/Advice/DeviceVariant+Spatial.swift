import Hardware
import Quantities

extension DeviceVariant {
    /// Changes that a spatial array knows: its memory, its cells, its stores and its buses.
    static func spatialVariants(of device: Device, _ array: SpatialArray) -> [DeviceVariant] {
        let memories = device.memories.indices.filter { device.memories[$0].bandwidth != nil }.map { index in
            DeviceVariant(device, "twice the bandwidth of '\(device.memories[index].name)'") {
                $0.memories[index].bandwidth = $0.memories[index].bandwidth?.doubled
            }
        }
        func variant(_ change: String, _ arrangement: SpatialArray.Arrangement) -> DeviceVariant {
            var other = array
            other.arrangement = arrangement
            return DeviceVariant(device, change) { $0.machine = .spatialArray(other) }
        }
        switch array.arrangement {
        case .rowStationary(let grid):
            func edited(_ change: String, _ edit: (inout RowStationaryArray) -> Void) -> DeviceVariant {
                var other = grid
                edit(&other)
                return variant(change, .rowStationary(other))
            }
            return memories + [
                edited("twice the columns") { $0.columns *= 2 }, edited("twice the rows") { $0.rows *= 2 },
                edited("twice the shared buffer") { $0.sharedBuffer = Bytes(grid.sharedBuffer.count * 2) },
                edited("twice the filter buffer") { $0.filterBuffer = Bytes(grid.filterBuffer.count * 2) },
                edited("a weight bus twice as wide") { $0.filterBus = Bits(grid.filterBus.count * 2) },
                edited("an input bus twice as wide") { $0.inputBus = Bits(grid.inputBus.count * 2) },
                edited("a sum bus twice as wide") { $0.sumBus = Bits(grid.sumBus.count * 2) },
            ]
        case .loopNest(let nest):
            let axes = nest.axes.indices.map { index in
                var other = nest
                other.axes[index].size *= 2
                return variant("twice the axis '\(nest.axes[index].name)'", .loopNest(other))
            }
            let levels = nest.levels.indices.map { index in
                var other = nest
                other.levels[index].size = Bytes(nest.levels[index].size.count * 2)
                return variant("twice the memory '\(nest.levels[index].name)'", .loopNest(other))
            }
            return memories + axes + levels
        }
    }
}
