import FixedPoint
import Networks

extension ChannelRequantization {
    /// Whether every sum up to `largest` in magnitude is its own output element.
    func keepsSums(upTo largest: Int) -> Bool {
        let one = QuantizedMultiplier(1)
        return largest <= 1 << 24 && !grid.isBipolar && grid.zeroPoint == 0 && grid.lower <= -largest
            && grid.upper >= largest && channels.allSatisfy { $0.factor == one && $0.scale == 1 }
    }
}
