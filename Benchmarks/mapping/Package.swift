// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "mapping-benchmark",
    dependencies: [.package(name: "Dovetail", path: "../..")],
    targets: [
        .executableTarget(
            name: "mapping-benchmark",
            dependencies: [.product(name: "Scheduling", package: "Dovetail")],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
