import DovetailCommands
import Foundation

let interruption = PendingOutputs.removeOnInterruption()
let surroundings = Surroundings(
    variables: ProcessInfo.processInfo.environment, executable: Bundle.main.executableURL,
    isWatched: isatty(STDERR_FILENO) == 1)
let outcome = DovetailProgram(in: surroundings).run(Array(CommandLine.arguments.dropFirst()))
FileHandle.standardError.write(Data(outcome.errors.utf8))
FileHandle.standardOutput.write(Data(outcome.output.utf8))
withExtendedLifetime(interruption) {}
exit(outcome.status.rawValue)
