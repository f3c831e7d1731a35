// swift-tools-version: 6.2
import PackageDescription

// Fuzzes the readers and what runs behind them; `make fuzz` gives the flags with which every module counts its edges.
let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "Dovetail", path: "..")],
    targets: [
        .target(name: "CLibFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: ["CLibFuzzer", .product(name: "Execution", package: "Dovetail")],
            swiftSettings: [.swiftLanguageMode(.v6)]),
    ]
)
