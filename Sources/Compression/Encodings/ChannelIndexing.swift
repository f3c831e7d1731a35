package import Tensors

/// The index along one axis of an element of a row-major tensor; 0 without an axis.
package struct ChannelIndexing: Sendable {
    private let inner: Int
    private let extent: Int

    package init(_ shape: Shape, axis: Int?) {
        guard let axis else {
            (inner, extent) = (max(shape.elementCount, 1), 1)
            return
        }
        inner = max(shape.extents[(axis + 1)...].reduce(1, *), 1)
        extent = max(shape[axis], 1)
    }

    package func channel(of element: Int) -> Int {
        element / inner % extent
    }

    /// Calls `body` with every run of neighbouring elements of one channel, in order.
    package func forEachRun(of count: Int, _ body: (_ channel: Int, _ run: Range<Int>) -> Void) {
        var (start, channel) = (0, 0)
        while start < count {
            body(channel, start..<start + inner)
            start += inner
            channel = channel + 1 == extent ? 0 : channel + 1
        }
    }

    /// The places of each channel's elements among `count`, ascending.
    func places(of count: Int, channels: Int) -> [[Int]] {
        var places = [[Int]](repeating: [], count: channels)
        forEachRun(of: count) { channel, run in places[channel] += run }
        return places
    }
}
