import Hardware

extension DeviceVariant {
    /// Changes of the memories behind an array of lanes.
    static func laneVariants(of device: Device) -> [DeviceVariant] {
        device.memories.indices.compactMap { index in
            guard let rate = device.memories[index].bandwidth else { return nil }
            return DeviceVariant(device, "twice the bandwidth of '\(device.memories[index].name)'") {
                $0.memories[index].bandwidth = rate.doubled
            }
        }
    }
}
