import CLibFuzzer
import Foundation

/// `fuzz TARGET CORPUS… [options of libFuzzer]`, `fuzz --seeds FOLDER` to write the seeds, `fuzz --targets` to list.
@main
enum FuzzProgram {
    private static let words = Array(CommandLine.arguments.dropFirst())
    private static let target = fuzzTargets.first { $0.name == words.first }

    static func main() throws {
        if words.first == "--targets" { return print(fuzzTargets.map(\.name).joined(separator: "\n")) }
        if words.count == 2, words[0] == "--seeds" { return try writeSeeds(to: URL(fileURLWithPath: words[1])) }
        guard target != nil else {
            print("usage: fuzz TARGET CORPUS... | fuzz --seeds FOLDER | fuzz --targets")
            exit(64)
        }
        exit(runDriver([CommandLine.arguments[0]] + words.dropFirst()))
    }

    private static func writeSeeds(to folder: URL) throws {
        for target in fuzzTargets {
            let place = folder.appending(path: target.name)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (index, seed) in try target.seeds().enumerated() {
                try seed.write(to: place.appending(path: "\(index).\(target.name)"))
            }
        }
    }

    private static func runDriver(_ arguments: [String]) -> CInt {
        var count = CInt(arguments.count)
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        return pointers.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return LLVMFuzzerRunDriver(&count, &start) { bytes, size in
                FuzzProgram.target?.attack(bytes.map { Data(bytes: $0, count: size) } ?? Data())
                return 0
            }
        }
    }
}
