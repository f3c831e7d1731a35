import Compression
import DovetailCommands
import Foundation

LinearAlgebraThreads.end()
let interruption = PendingOutputs.removeOnInterruption()
let surroundings = Surroundings(
    variables: ProcessInfo.processInfo.environment, executable: Bundle.main.executableURL,
    isWatched: isatty(STDERR_FILENO) == 1)
let outcome = DovetailProgram(in: surroundings).run(Array(CommandLine.arguments.dropFirst()))
var status = outcome.status
do {
    try FileHandle.standardOutput.write(contentsOf: Data(outcome.output.utf8))
} catch {
    status = .wrongUsage
    try? FileHandle.standardError.write(contentsOf: Data("error: the standard output cannot be written\n".utf8))
}
try? FileHandle.standardError.write(contentsOf: Data(outcome.errors.utf8))
withExtendedLifetime(interruption) {}
exit(status.rawValue)
