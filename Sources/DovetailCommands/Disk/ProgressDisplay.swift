import Foundation
import Synchronization

/// How far long work has come, on one line of a terminal; silent when nobody watches or the work is short.
final class ProgressDisplay: Sendable {
    private struct State {
        var done = 0
        var lastDrawn: ContinuousClock.Instant
        var isDrawn = false
    }

    private let title: String
    private let total: Int
    private let isWatched: Bool
    private let state: Mutex<State>

    init(_ title: String, total: Int, in surroundings: Surroundings) {
        self.title = title
        self.total = total
        isWatched = surroundings.isWatched
        state = Mutex(State(lastDrawn: .now))
    }

    /// Counts pieces of work as done; any thread may call it.
    func advance(by count: Int = 1) {
        guard isWatched else { return }
        state.withLock { state in
            state.done += count
            let patience = state.isDrawn ? Duration.milliseconds(200) : .seconds(1)
            guard state.lastDrawn.duration(to: .now) >= patience else { return }
            state.lastDrawn = .now
            state.isDrawn = true
            FileHandle.standardError.write(Data("\r\(title) \(state.done)/\(total) ".utf8))
        }
    }

    /// Clears the line.
    func finish() {
        state.withLock { state in
            guard state.isDrawn else { return }
            state.isDrawn = false
            FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
        }
    }
}
