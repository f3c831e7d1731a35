public import Dispatch
import Foundation
import Synchronization

/// The temporary files and folders that must not outlive the process.
public enum PendingOutputs {
    private static let paths = Mutex<Set<String>>([])

    /// Creates a temporary file or folder so that an interruption removes it.
    static func create(_ path: String, _ creation: () throws -> Void) rethrows {
        try paths.withLock { paths in
            try creation()
            paths.insert(path)
        }
    }

    /// Forgets a path after it was moved to its place or removed.
    static func forget(_ path: String) {
        _ = paths.withLock { $0.remove(path) }
    }

    private static func removeAll(_ paths: inout Set<String>) {
        for path in paths { try? FileManager.default.removeItem(atPath: path) }
        paths = []
    }

    /// Makes the signals that end the process remove what is pending first.
    ///
    /// - Returns: what must be kept for as long as this shall hold.
    public static func removeOnInterruption() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                paths.withLock { paths in
                    removeAll(&paths)
                    signal(number, SIG_DFL)
                    kill(getpid(), number)
                    sleep(1)
                }
            }
            source.resume()
            return source
        }
    }
}
