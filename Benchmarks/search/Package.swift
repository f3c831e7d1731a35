// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "search-benchmark",
    dependencies: [.package(name: "Dovetail", path: "../..")],
    targets: [
        .executableTarget(
            name: "search-benchmark",
            dependencies: [.product(name: "Exploration", package: "Dovetail")],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
