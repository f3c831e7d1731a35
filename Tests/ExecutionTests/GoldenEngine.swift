import Foundation
import Networks
import Testing

/// A recording of one model by one engine, and the arithmetic that it must equal.
struct GoldenEngine: CustomTestStringConvertible, Sendable {
    /// The engines of the recordings, with the runtime whose rules they follow.
    static let runtimes: [(engine: String, runtime: RuntimeArithmetic)] = [
        ("tflm", .tflm), ("litert_ref", .litert), ("litert_ruy", .ruy), ("litert_xnnpack", .xnnpack),
    ]

    let folder: String
    let engine: String
    let runtime: RuntimeArithmetic

    /// Every recording of every model below `folder`.
    static func all(in folder: String) -> [GoldenEngine] {
        SharedData.names(in: folder).flatMap { name in
            runtimes.map { GoldenEngine(folder: "\(folder)/\(name)", engine: $0.engine, runtime: $0.runtime) }
        }
    }

    /// The recording, the engine, and the family of the requantizations under which the network runs.
    var testDescription: String {
        let families = [runtime.convolution, runtime.depthwise, runtime.fullyConnected, runtime.wideConvolution]
        let names = families.map { "\($0)" }.joined(separator: ", ")
        return "\(folder.split(separator: "/").last ?? ""): \(engine) as \(runtime.name) "
            + "(convolution, depthwise, fully connected, 16-bit: \(names))"
    }
}
