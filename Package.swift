// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: settings)
}

// The order is the architecture: a target imports targets above it only (ARCHITECTURE.md).
let package = Package(
    name: "Dovetail",
    products: [
        .library(name: "Exploration", targets: ["Exploration"]),
        .library(name: "Execution", targets: ["Execution", "Compression", "Networks", "Tensors", "Diagnostics"]),
        .library(name: "Scheduling", targets: ["Scheduling", "Hardware", "Workloads", "Quantities"]),
        .library(
            name: "Estimation",
            targets: ["Estimation", "Scheduling", "Hardware", "Workloads", "Tensors", "FixedPoint", "Quantities"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
    ],
    targets: [
        // Level 0
        library("Diagnostics"),
        library("Quantities"),
        .systemLibrary(name: "CGMP", providers: [.apt(["libgmp-dev"])]),
        library("ExactArithmetic", ["CGMP"]),
        .systemLibrary(name: "CNettle", providers: [.apt(["nettle-dev"])]),
        library("Digests", ["CNettle"]),
        library("FixedPoint"),
        .target(name: "SIMDKernels"),
        // Level 1
        library("Exploration", ["ExactArithmetic"]),
        library(
            "Manifests",
            [
                "Diagnostics", "Quantities", .product(name: "Yams", package: "Yams"),
                .product(name: "SwiftCSV", package: "SwiftCSV"),
            ]),
        library("Tensors", ["FixedPoint"]),
        library("Workloads", ["Tensors", "Quantities", "FixedPoint"]),
        // Level 2
        library(
            "Networks",
            [
                "Tensors", "FixedPoint", "Workloads", "Manifests", "Diagnostics", "Quantities", "ExactArithmetic",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], exclude: ["Formats/ONNX/onnx.proto"]),
        library("Hardware", ["Workloads", "Manifests", "Diagnostics", "Quantities"]),
        // Level 3
        .systemLibrary(name: "CLAPACKE", providers: [.apt(["liblapacke-dev", "libopenblas-dev"])]),
        .systemLibrary(name: "CFFTW", providers: [.apt(["libfftw3-dev"])]),
        library(
            "Compression",
            ["Networks", "Tensors", "FixedPoint", "Workloads", "Diagnostics", "Quantities", "CLAPACKE", "CFFTW"]),
        library("Scheduling", ["Hardware", "Workloads", "Tensors", "FixedPoint", "Quantities"]),
        // Level 4
        library(
            "Estimation",
            ["Scheduling", "Hardware", "Workloads", "Tensors", "Manifests", "Diagnostics", "Quantities"]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        library(
            "Execution",
            ["Compression", "SIMDKernels", "Networks", "Workloads", "Tensors", "FixedPoint", "Diagnostics", "CZlib"]),
        // Level 6
        library(
            "Codesign",
            [
                "Execution", "Estimation", "Exploration", "Scheduling", "Compression", "Hardware", "Networks",
                "Tensors",
                "Workloads", "Quantities", "Diagnostics", "ExactArithmetic",
            ]),
        library(
            "Deployment",
            [
                "Execution", "Estimation", "Scheduling", "Compression", "Networks", "Tensors", "Workloads",
                "Quantities",
                "Digests",
            ]),
        // Level 7
        library(
            "Reporting",
            [
                "Codesign", "Deployment", "Estimation", "Scheduling", "Execution", "Exploration", "ExactArithmetic",
                "Compression", "Hardware", "Networks", "Workloads", "Tensors", "Quantities", "Diagnostics",
            ]),
        // Level 8
        library(
            "DovetailCommands",
            [
                "Reporting", "Codesign", "Deployment", "Estimation", "Exploration", "ExactArithmetic", "Execution",
                "Compression",
                "Hardware", "Networks", "Workloads", "Manifests",
                "Tensors", "FixedPoint", "Digests", "Quantities", "Diagnostics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "dovetail", dependencies: ["DovetailCommands", "Compression"], swiftSettings: settings),
        // Tests
        tests("Diagnostics"),
        tests("Quantities"),
        tests("Manifests", ["Diagnostics", "Quantities"]),
        tests("Hardware", ["Diagnostics", "Quantities", "Manifests", "Workloads"]),
        tests(
            "Networks",
            [
                "Tensors", "FixedPoint", "Diagnostics", "ExactArithmetic",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]),
        tests("Digests"),
        tests("ExactArithmetic"),
        tests(
            "Compression",
            ["Execution", "Networks", "Tensors", "FixedPoint", "Workloads", "Diagnostics", "Quantities"]),
        tests("FixedPoint", ["ExactArithmetic"]),
        tests("Execution", ["Compression", "Networks", "Tensors", "FixedPoint", "Diagnostics"]),
        tests("Exploration", ["ExactArithmetic"]),
        tests("Workloads"),
        tests("Scheduling", ["Hardware", "Workloads", "Tensors", "Quantities", "FixedPoint"]),
        tests(
            "Estimation",
            ["Networks", "Scheduling", "Hardware", "Diagnostics", "Workloads", "Tensors", "Quantities", "FixedPoint"]),
        tests(
            "Codesign",
            [
                "Execution", "Estimation", "Exploration", "ExactArithmetic", "Compression", "Hardware", "Networks",
                "Tensors", "Quantities", "Diagnostics",
            ]),
        tests(
            "Deployment",
            [
                "Estimation", "Scheduling", "Execution", "Compression", "Hardware", "Networks", "Tensors", "Quantities",
                "Digests",
            ]),
        tests("Reporting"),
        tests("DovetailCommands", ["Compression", "Networks", "Tensors", "FixedPoint"]),
    ]
)

// DOVETAIL_SANITIZED=Networks,Execution, for builds under sanitizers: only these test targets, so that their test product
// needs less, and C loops that trap on undefined behaviour, which SwiftPM has no option for.
if let names = Context.environment["DOVETAIL_SANITIZED"]?.split(separator: ",") {
    package.targets.removeAll { target in target.type == .test && !names.contains { target.name == $0 + "Tests" } }
    for target in package.targets where target.name == "SIMDKernels" {
        target.cSettings = [.unsafeFlags(["-fsanitize=undefined", "-fsanitize-trap=undefined", "-Wno-pass-failed"])]
    }
}
