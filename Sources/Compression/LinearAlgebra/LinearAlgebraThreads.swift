import CLAPACKE
import Foundation

/// The threads that OpenBLAS starts when it is loaded and that wait in a busy loop for work.
public enum LinearAlgebraThreads {
    /// Ends them; factorizations then run on the thread that asks, and cases on as many threads as the user says.
    ///
    /// Builds of OpenBLAS without threads have nothing to end.
    public static func end() {
        openblas_set_num_threads(1)
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "blas_thread_shutdown_") else { return }
        typealias Shutdown = @convention(c) () -> Void
        unsafeBitCast(symbol, to: Shutdown.self)()
    }
}
