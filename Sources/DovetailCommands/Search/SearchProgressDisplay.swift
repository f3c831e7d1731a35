import Codesign
import Foundation
import Synchronization

/// How far a search is, on one line of a terminal; silent when nobody watches.
final class SearchProgressDisplay: Sendable {
    private let isWatched: Bool
    private let lastDrawn = Mutex(ContinuousClock.now)

    init(isWatched: Bool) {
        self.isWatched = isWatched
    }

    /// Draws the line again, at most five times a second; any thread may call it.
    func show(_ progress: SearchProgress) {
        guard isWatched else { return }
        lastDrawn.withLock { last in
            guard last.duration(to: .now) >= .milliseconds(200) else { return }
            last = .now
            write("\r\u{1B}[K" + SearchProgressDisplay.line(progress))
        }
    }

    /// Clears the line.
    func finish() {
        guard isWatched else { return }
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    private static func line(_ progress: SearchProgress) -> String {
        switch progress {
        case .probing(let done, let total): "probing layers \(done)/\(total)"
        case .solving: "choosing"
        case .executing(let done, let total): "executing whole networks \(done)/\(total)"
        }
    }
}
